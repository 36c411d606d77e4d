import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { build } from 'esbuild';

export type BuiltFile = {
  /** As it is asked for, below `/console/`. */
  path: string;
  /** gzip */
  packed: Uint8Array<ArrayBuffer>;
};

const directory = import.meta.dirname;

/** Bundles the console: one script, one style sheet, and the page that names them by the hashes of their content. */
export async function buildConsole(): Promise<BuiltFile[]> {
  const { outputFiles } = await build({
    entryPoints: [join(directory, 'main.tsx'), join(directory, 'styles/console.css')],
    absWorkingDir: directory,
    outdir: '/assets',
    entryNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.svg': 'file' },
    assetNames: '[name]-[hash]',
    publicPath: '/console/assets',
    legalComments: 'none',
    write: false,
    logLevel: 'silent',
  });
  const assets = outputFiles.map(({ path, text }) => ({ path: `assets/${basename(path)}`, text }));
  const nameOf = (ending: string) => assets.find(({ path }) => path.endsWith(ending))!.path;
  const template = await readFile(join(directory, 'index.html'), 'utf8');
  const page = template
    .replace('{{script}}', nameOf('.js'))
    .replace('{{styles}}', nameOf('.css'))
    .replace('{{icon}}', nameOf('.svg'));
  const all = [...assets, { path: 'index.html', text: page }];
  return Promise.all(
    all.map(async ({ path, text }) => ({
      path,
      packed: new Uint8Array(await promisify(gzip)(text, { level: 9 })),
    })),
  );
}
