import { existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { build } from 'esbuild';
import { root } from './platform.ts';

/** Those of a function's `nodejs` that make a difference here. */
export type BundleOptions = {
  minify: boolean;
  splitting: boolean;
  /** Absolute paths, and where they lie beside the bundle. */
  copyFiles?: readonly { from: string; to: string }[];
  esbuild?: { keepNames?: boolean | undefined; external?: string[] | undefined } | undefined;
};

export type HandlerBundle = {
  /** As Lambda names it: `bundle.handler`. */
  handler: string;
  directory: string;
  /** What Node reads at start: the entry and what it imports, without what is imported only when needed. */
  bytesAtStart: number;
  /** Node's own modules among it. */
  builtinsAtStart: string[];
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
  const result = await build({
    entryPoints: [entryPoint],
    absWorkingDir: root,
    outdir: directory,
    entryNames: 'bundle',
    outExtension: { '.js': '.mjs' },
    splitting: options.splitting,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'es2024',
    mainFields: ['module', 'main'],
    external: ['sharp', 'pg-native', ...(options.esbuild?.external ?? [])],
    keepNames: options.esbuild?.keepNames ?? true,
    minify: options.minify,
    sourcemap: 'linked',
    metafile: true,
    banner: { js: banner },
    logLevel: 'silent',
  });
  for (const { from, to } of options.copyFiles ?? [])
    await cp(from, join(directory, to), { recursive: true });
  const { outputs } = result.metafile;
  const entry = Object.keys(outputs).find((file) => file.endsWith('/bundle.mjs')) ?? '';
  if (!outputs[entry]?.exports.includes(exportName)) {
    throw new Error(`${handler}: the file exports no "${exportName}".`);
  }
  const atStart = [...readAtStart(outputs, entry)].flatMap((file) => outputs[file] ?? []);
  return {
    handler: `bundle.${exportName}`,
    directory,
    bytesAtStart: sum(atStart.map(({ bytes }) => bytes)),
    builtinsAtStart: unique(
      atStart
        .flatMap(({ imports }) => imports.filter(({ kind }) => kind === 'import-statement'))
        .flatMap(({ path }) => (isBuiltin(path) ? path : [])),
    ),
    externalImports: unique(
      Object.values(outputs)
        .flatMap((output) => output.imports.filter(({ external }) => external))
        .map(({ path }) => path)
        .filter((path) => !isBuiltin(path)),
    ),
  };
}

function readAtStart(outputs: Metafile['outputs'], entry: string): Set<string> {
  const found = new Set<string>([entry]);
  // A set may grow while it is walked, and the walk then covers what was added.
  for (const file of found) {
    for (const { path, kind, external } of outputs[file]?.imports ?? []) {
      if (kind === 'import-statement' && !external) found.add(path);
    }
  }
  return found;
}

const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0);
const unique = (texts: string[]) => [...new Set(texts)].sort();
