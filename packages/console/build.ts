import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buildConsole } from './build-files.ts';

/**
 * `npm run console:build`: writes the console to `dist`, packed, from where it travels with the API's function. Several may
 * build at once: a file is whole from its first moment, and only those of other versions go.
 */

const target = join(import.meta.dirname, 'dist');
const built = new Map((await buildConsole()).map(({ path, packed }) => [join(target, `${path}.gz`), packed]));
for (const [file, packed] of built) {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, packed);
  await rename(draft, file);
}
for (const entry of await readdir(target, { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath, entry.name);
  const isOther = entry.isFile() && file.endsWith('.gz') && !built.has(file);
  if (isOther) await rm(file, { force: true });
}
