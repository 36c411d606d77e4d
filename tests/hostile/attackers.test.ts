import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { quote } from '@savepoint/adapters/igdb/apicalypse.ts';
import { harmless, harmlessJson, oneLine } from '@savepoint/cli/terminal/plain-text.ts';
import { findAppNameRule } from '@savepoint/core/classification/app-name-rules.ts';
import { writeCsvForPeople } from '@savepoint/core/contracts/csv-for-people.ts';
import { normaliseTitle, titleKey, withRomanNumerals } from '@savepoint/core/matching/normalise-title.ts';
import { readTitles } from '@savepoint/core/matching/title-readings.ts';
import { isToldBySlug, slugsOf } from '@savepoint/core/matching/title-slugs.ts';
import { searchTitle, spellTitle, spellWholeTitle } from '@savepoint/core/matching/title-spellings.ts';
import { readTokens, scopeOf } from '@savepoint/functions/api/tokens.ts';
import { createJsonLog } from '@savepoint/functions/runtime/log.ts';
import fc from 'fast-check';
import { nastyText } from './input-class.ts';

/** What docs/threat-model.md promises and no other test looks at. */

const pieces = [
  'a',
  'A',
  ' ',
  '-',
  ' - ',
  ': ',
  '(',
  ')',
  '()',
  '[',
  '™',
  '®',
  '&',
  ' and ',
  'The ',
  'Demo ',
  'Beta',
  ' Playtest',
  'I',
  'Ⅷ',
  '2',
  '\u0301',
  '…',
  '!',
  "'",
  '\t',
  'é',
  '漢',
  '👾',
  'x-',
  ' (',
  '~',
  '.',
  ', The',
  'Deluxe Edition ',
];
const titles = [
  ...pieces.map((piece) => piece.repeat(Math.ceil(10_000 / piece.length)).slice(0, 10_000)),
  ...pieces.map((piece) => `${piece.repeat(Math.ceil(9_999 / piece.length)).slice(0, 9_999)}!`),
  `${'('.repeat(5000)}${')'.repeat(5000)}`,
  `${' -'.repeat(5000)}x`,
];
const readers: Record<string, (title: string) => unknown> = {
  findAppNameRule,
  normaliseTitle,
  titleKey,
  withRomanNumerals,
  readTitles,
  slugsOf,
  isToldBySlug,
  spellTitle,
  spellWholeTitle,
  searchTitle,
  quote,
  oneLine,
  harmless,
};

// One that goes back over what it has read takes minutes for such a title; the limit is no measurement.
test.each(Object.entries(readers))('%s is through with any title of 10,000 characters', (_name, read) => {
  for (const title of titles) {
    const startedAt = performance.now();
    read(title);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  }
});

test('no text ends its place in a question to IGDB', () => {
  fc.assert(
    fc.property(nastyText(['"; limit 1; fields *; where name = "x', '\\', '\n']), (text) => {
      const quoted = quote(text);
      expect(quoted).toMatch(/^"(?:[^"\\\u0000-\u001f\u007f]|\\["\\])*"$/);
      expect(quoted.isWellFormed()).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('no text moves the cursor, rings, colours the terminal or turns the direction of a line', () => {
  fc.assert(
    fc.property(nastyText(['\u001b]0;title\u0007', '\u009b31m', '\u2066', '\r']), (text) => {
      expect(oneLine(text)).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      const json = harmlessJson({ text }, 2);
      expect(json).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
      expect(JSON.parse(json)).toEqual({ text });
    }),
    { numRuns: 2000 },
  );
});

test('no cell of a CSV for people is a formula to a spreadsheet', () => {
  fc.assert(
    fc.property(nastyText(['=1+1', '+1', '-1', '@SUM(1)', '\t=1', '\r=1', '=1\n2']), (text) => {
      expect(writeCsvForPeople([[text, 'x']])).not.toMatch(/^"?[=+\-@\t\r]/);
    }),
    { numRuns: 2000 },
  );
});

test('no text begins a line of the log', () => {
  const lines: string[] = [];
  const { info } = console;
  console.info = (line: string) => void lines.push(line);
  // Powertools prints to the console only where this is set.
  process.env.POWERTOOLS_DEV = 'true';
  try {
    const log = createJsonLog('api', { logLevel: 'INFO', logSteamIds: true });
    fc.assert(
      fc.property(nastyText(['\n{"level":"ERROR"}', '\r\n']), (text) => {
        log.info(text, { reason: text });
      }),
      { numRuns: 300 },
    );
  } finally {
    console.info = info;
    delete process.env.POWERTOOLS_DEV;
  }
  expect(lines.filter((line) => (JSON.parse(line) as { level: string }).level !== 'INFO')).toEqual([]);
});

test('nothing but a whole token is let in', () => {
  const token = 'k3y-of-the-house';
  expect(scopeOf(`Bearer ${token}`, readTokens(token))).toBe('operate');
  fc.assert(
    fc.property(nastyText(['Bearer ', token.slice(0, -1), token.toUpperCase(), ',']), (header) => {
      expect(scopeOf(header, readTokens(token))).toBeNull();
      expect(scopeOf(header, readTokens(' ,\n, '))).toBeNull();
    }),
    { numRuns: 2000 },
  );
});

type Lock = {
  packages: Record<
    string,
    {
      license?: string;
      dev?: boolean;
      hasInstallScript?: boolean;
      resolved?: string;
      link?: boolean;
      integrity?: string;
    }
  >;
};
const read = (file: string) => JSON.parse(readFileSync(resolve(import.meta.dirname, '../..', file), 'utf8'));
const packages = Object.entries((read('package-lock.json') as Lock).packages)
  .filter(([path, { link }]) => path.includes('node_modules/') && !link)
  .map(([path, entry]) => ({ ...entry, name: path.slice(path.lastIndexOf('node_modules/') + 13) }));

test('no dependency runs a script when it is installed, but for those that are named', () => {
  const { allowScripts } = read('package.json') as { allowScripts: Record<string, boolean> };
  const scripted = packages.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name);
  expect(scripted.filter((name) => !Object.hasOwn(allowScripts, name))).toEqual([]);
});

test('every dependency comes from the registry, with its sum', () => {
  // The lock file leaves out where each is, unless that is elsewhere.
  const others = packages.filter(
    ({ resolved = 'https://registry.npmjs.org/', integrity }) =>
      !resolved.startsWith('https://registry.npmjs.org/') || !integrity,
  );
  expect(others.map(({ name }) => name)).toEqual([]);
});

test('every dependency may be used as it is here', () => {
  const free =
    /^(MIT|MIT-0|ISC|Apache-2\.0|0BSD|BSD-[23]-Clause|Unlicense|BlueOak-1\.0\.0|CC0-1\.0|CC-BY-4\.0|Python-2\.0)$/;
  const isFree = (license: string) =>
    license
      .replace(/[()]/g, '')
      .split(' OR ')
      .some((choice) => choice.split(' AND ').every((part) => free.test(part)));
  // The Mozilla licence binds those who change its files: what only tests load, and nobody ships, may have it.
  const inTests = /^MPL-2\.0$/;
  expect(
    packages
      .filter(({ license = '', dev }) => !isFree(license) && !(dev && inTests.test(license)))
      .map(({ name, license }) => `${name}: ${license}`),
  ).toEqual([]);
});
