import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkLinks } from '@savepoint/local/embedded/postgres-binaries.ts';
import { withDirectory } from '../support/directory.ts';

const root = resolve(import.meta.dirname, '../..');

/** Runs the check where `process` says something else of the machine. */
function checkedOn(machine: string) {
  const pretend = `data:text/javascript,${encodeURIComponent(machine)}`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', pretend, '--import', './packages/local/requirements.js', '-p', '"went on"'],
    { cwd: root, encoding: 'utf8' },
  );
  return { status, output: stdout + stderr };
}
const nodeIs = (version: string) =>
  `Object.defineProperty(process, 'versions', { value: { node: '${version}' } })`;

test.each([
  [nodeIs('20.20.2'), /^Savepoint runs on Node 24 and this is Node 20\.20\.2: run npm rebuild, .*\n$/],
  [nodeIs('22.23.3'), /^Savepoint runs on Node 24 and this is Node 22\.23\.3: run npm rebuild, .*\n$/],
  [`Object.defineProperty(process, 'platform', { value: 'win32' })`, /^On Windows, .* WSL .*\n$/],
])('where it cannot run, one sentence says what to do: %s', (machine, sentence) => {
  expect(checkedOn(machine)).toEqual({ status: 1, output: expect.stringMatching(sentence) });
});

test('on a newer Node it goes on', () => {
  expect(checkedOn(nodeIs('26.0.0'))).toEqual({ status: 0, output: 'went on\n' });
});

test('every script that runs TypeScript checks first', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const unchecked = Object.entries(scripts).filter(
    ([, script]) =>
      /^node .*(\.ts|jest\.js)/.test(script) &&
      !script.startsWith('node --import ./packages/local/requirements.js '),
  );
  expect(unchecked).toEqual([]);
});

test('a PostgreSQL whose install script was left out says so', async () => {
  await withDirectory(async (directory) => {
    const installed = join(directory, 'native');
    mkdirSync(installed);
    const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so' }];
    writeFileSync(join(installed, 'pg-symlinks.json'), JSON.stringify(links));
    await expect(checkLinks(installed)).rejects.toMatchObject({
      code: 'POSTGRES_NOT_INSTALLED',
      message: expect.stringContaining('npm rebuild'),
    });
    mkdirSync(join(installed, 'lib'));
    writeFileSync(join(installed, 'lib/libpq.so'), '');
    await checkLinks(installed);
  });
});
