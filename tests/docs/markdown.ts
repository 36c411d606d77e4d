import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

const skipped = /(^|\/)(node_modules|\.sst|\.savepoint|coverage)(\/|$)/;

/** Paths of the project's own Markdown files, from the root. */
export const markdownFiles = globSync('**/*.md', {
  cwd: root,
  exclude: (name) => skipped.test(name),
}).concat(globSync('.github/**/*.md', { cwd: root }));

export const read = (path: string): string => readFileSync(`${root}/${path}`, 'utf8');

/** What a link of `markdown` points to, other sites aside: `../biome.json`, `docs/deploy.md#rotating-a-secret`. */
export const linksIn = (markdown: string): string[] =>
  [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/i.test(target));

const withoutCode = (markdown: string): string =>
  markdown.replace(/^( *)```[\s\S]*?^\1```/gm, '').replace(/`[^`\n]*`(?!\])/g, '');

/** The anchors that GitHub gives to the headings. */
export const anchorsIn = (markdown: string): Set<string> =>
  new Set(
    [...markdown.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) =>
      heading!
        .trim()
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );

/** What stands in the blocks of a shell. */
export const shellBlocksIn = (markdown: string): string[] =>
  [...markdown.matchAll(/^```(?:sh|bash)\n([\s\S]*?)^```/gm)].map(([, block]) => block!.trimEnd());
