import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './platform.ts';

export type BundleOptions = { minify: boolean };

export type HandlerBundle = {
  /** As Lambda names it: `bundle.handler`. */
  handler: string;
  directory: string;
  bytes: number;
  /** Packages that would have to be there at run time, Node's own modules left out. */
  externalImports: string[];
};

/** What SST puts before an ES module, so that bundled CommonJS finds `require` and `__dirname`. */
const banner = [
  "import { createRequire as topLevelCreateRequire } from 'module';",
  'const require = topLevelCreateRequire(import.meta.url);',
  'import { fileURLToPath as topLevelFileUrlToPath, URL as topLevelURL } from "url"',
  'const __filename = topLevelFileUrlToPath(import.meta.url)',
  'const __dirname = topLevelFileUrlToPath(new topLevelURL(".", import.meta.url))',
].join('\n');

/**
 * Bundles a handler with the options of SST's own Node runtime (pkg/runtime/node/build.go), a source map beside it.
 * @param handler `packages/functions/api.handler`: a file without its extension, and an export.
 * @throws Error where the file or the export is missing, or does not compile.
 */
export async function bundleHandler(
  handler: string,
  directory: string,
  options: BundleOptions,
): Promise<HandlerBundle> {
  const dot = handler.lastIndexOf('.');
  const entryPoint = join(root, `${handler.slice(0, dot)}.ts`);
  const exportName = handler.slice(dot + 1);
  if (!existsSync(entryPoint)) throw new Error(`Handler not found: ${handler}`);
  const outfile = join(directory, 'bundle.mjs');
  const result = await build({
    entryPoints: [entryPoint],
    absWorkingDir: root,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'es2024',
    mainFields: ['module', 'main'],
    external: ['sharp', 'pg-native'],
    keepNames: true,
    minify: options.minify,
    sourcemap: 'linked',
    metafile: true,
    banner: { js: banner },
    logLevel: 'silent',
  });
  const output = Object.values(result.metafile.outputs).find((file) => file.entryPoint !== undefined);
  if (!output?.exports.includes(exportName)) {
    throw new Error(`${handler}: the file exports no "${exportName}".`);
  }
  return {
    handler: `bundle.${exportName}`,
    directory,
    bytes: output.bytes,
    externalImports: output.imports.filter((each) => each.external).map((each) => each.path),
  };
}
