import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Tables and plots in docs/ that are made here, so that the pages hold what was measured. */

const root = fileURLToPath(new URL('..', import.meta.url));

export const begin = (bench: string): string => `<!-- npm run bench -- ${bench} --write-docs -->`;
export const end = (bench: string): string => `<!-- end of ${bench} -->`;

/** What stands between the marks of a bench. @throws Error when the page has no such marks */
export function sectionOf(page: string, bench: string): string {
  const from = page.indexOf(begin(bench));
  const to = page.indexOf(end(bench));
  if (from < 0 || to < from) throw new Error(`The page has no place for “${bench}”: ${begin(bench)}`);
  return page.slice(from + begin(bench).length, to);
}

/** @param page a path below the project's root. */
export async function writeSection(page: string, bench: string, section: string): Promise<void> {
  const path = join(root, page);
  const text = await readFile(path, 'utf8');
  const old = `${begin(bench)}${sectionOf(text, bench)}`;
  await writeFile(
    path,
    text.replace(old, () => `${begin(bench)}\n${section}\n`),
  );
}

export const writePlot = (name: string, svg: string): Promise<void> =>
  writeFile(join(root, 'docs', name), svg);
