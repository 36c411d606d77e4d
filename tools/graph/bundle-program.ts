import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Plugin } from 'esbuild';
import { build } from 'esbuild';
import { platformDirectory, root } from './platform.ts';

/** A change to one source file, to prove that a test notices it. */
export type SourceEdit = { file: string; from: string; to: string };

/** What SST makes visible in every source file of the project. */
const providerImports = [
  'import * as aws from "@pulumi/aws";',
  `import * as sst from ${JSON.stringify(join(platformDirectory, 'src', 'components'))};`,
].join('');

/** SST's hundreds of own files are left to esbuild, which is ten times as fast. */
const ownSources = new RegExp(
  `^${root.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')}/(sst\\.config|stacks/|packages/).*\\.ts$`,
);

const external = [
  '@pulumi/*',
  '@pulumiverse/*',
  '@aws-sdk/*',
  'undici',
  'esbuild',
  'archiver',
  'glob',
  'vite',
];

const banner = [
  "import { createRequire as topLevelCreateRequire } from 'module';",
  'const require = topLevelCreateRequire(import.meta.url);',
  'import { fileURLToPath as topLevelFileUrlToPath, URL as topLevelURL } from "url"',
  'const __filename = topLevelFileUrlToPath(import.meta.url)',
  'const __dirname = topLevelFileUrlToPath(new topLevelURL(".", import.meta.url))',
].join('\n');

/** Bundles `sst.config.ts` with SST's components the way `sst deploy` does (pkg/js/js.go, pkg/project/run.go). */
export async function bundleProgram(outfile: string, edits: SourceEdit[]): Promise<void> {
  await bundleForChild(
    outfile,
    `export { run } from ${JSON.stringify(join(platformDirectory, 'src', 'auto', 'run.ts'))};
     export { default as config } from ${JSON.stringify(join(root, 'sst.config.ts'))};`,
    [injectProviders(edits)],
  );
}

/** Bundles the script of the child process, so that it finds Pulumi where SST has put it. */
export async function bundleForChild(
  outfile: string,
  contents: string,
  plugins: Plugin[] = [],
): Promise<void> {
  await build({
    stdin: { contents, resolveDir: root, sourcefile: 'graph.ts', loader: 'ts' },
    absWorkingDir: root,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    external,
    nodePaths: [join(platformDirectory, 'node_modules')],
    inject: plugins.length > 0 ? [join(platformDirectory, 'src', 'shim', 'run.js')] : [],
    banner: { js: banner },
    plugins,
    logLevel: 'silent',
  });
}

function injectProviders(edits: SourceEdit[]): Plugin {
  return {
    name: 'inject-providers',
    setup(bundler) {
      const pending = new Set(edits);
      bundler.onLoad({ filter: ownSources }, async ({ path }) => {
        let contents = await readFile(path, 'utf8');
        for (const edit of edits.filter(({ file }) => file === relative(root, path))) {
          if (!contents.includes(edit.from)) throw new Error(`${edit.file} does not contain: ${edit.from}`);
          contents = contents.replaceAll(edit.from, () => edit.to);
          pending.delete(edit);
        }
        return { contents: `${providerImports}\n${contents}`, loader: 'ts' };
      });
      bundler.onEnd(() => {
        const [unused] = pending;
        if (unused) throw new Error(`${unused.file} is not part of the program.`);
      });
    },
  };
}
