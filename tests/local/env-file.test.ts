import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnvFile } from '@savepoint/local/env-file.ts';
import { withDirectory } from '../support/directory.ts';
import { failureOf } from '../support/failure.ts';

const read = (content: string | Uint8Array) =>
  withDirectory(async (directory) => {
    const path = join(directory, '.env');
    writeFileSync(path, content);
    return readEnvFile(path);
  });
const utf16 = (text: string, bigEndian = false) => {
  const bytes = Buffer.from(text, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
};

const written = 'API_TOKEN=tok\nS3_BUCKET=trial-one\n';
const meant = { API_TOKEN: 'tok', S3_BUCKET: 'trial-one' };

test.each([
  ['plain UTF-8', written],
  ['a byte order mark', `\uFEFF${written}`],
  ['the line ends of Windows', written.replaceAll('\n', '\r\n')],
  ['the line ends of old Macs', written.replaceAll('\n', '\r')],
  ['no line end at the end', written.trimEnd()],
  ['UTF-16 with a mark', utf16(`\uFEFF${written}`)],
  ['UTF-16 of the other order', utf16(`\uFEFF${written}`, true)],
  ['UTF-16 without a mark', utf16(written)],
  ['UTF-16 of the other order without a mark', utf16(written, true)],
  ['export', `export ${written.replace('\n', '\n\texport ')}`],
  ['blanks', `  API_TOKEN = tok \n\n\t\nS3_BUCKET=\u00a0trial-one`],
  ['quotes', `API_TOKEN="tok"\nS3_BUCKET='trial-one' # mine\n`],
  [
    'comments',
    `# API_TOKEN=other\n#\n${written.replace('tok', 'tok # or another').replace('\n', '\n# x\n')}#`,
  ],
])('%s is read', async (_name, content) => {
  expect(await read(content)).toEqual(meant);
});

test('values stay whole', async () => {
  const content = [
    'A=p#ss=w"o\\rd',
    'B=\'#1 \\n "x"\'',
    'C="line one\\nline \\"two\\" c:\\dir"',
    'D="over',
    'two lines"',
    'E=',
    'F=$A',
    'F=again',
  ].join('\n');
  expect(await read(content)).toEqual({
    A: 'p#ss=w"o\\rd',
    B: '#1 \\n "x"',
    C: 'line one\nline "two" c:\\dir',
    D: 'over\ntwo lines',
    E: '',
    F: 'again',
  });
});

test.each([
  ['a line without =', 'A=1\nAPI_TOKEN CANARY\n', 'line 2 is not NAME=value'],
  ['another language', 'API_TOKEN: CANARY\n', 'line 1 is not'],
  ['another shell', '\nset API_TOKEN=CANARY\n', 'line 2 is not'],
  ['an open quote', 'A=1\nAPI_TOKEN="CANARY\nB=2', 'line 2, API_TOKEN begins with " and never ends'],
  ['text behind a quote', "API_TOKEN='CAN'ARY", 'API_TOKEN has text behind its closing quote'],
  ['typographic quotes', 'API_TOKEN=“CANARY”', 'API_TOKEN begins with a typographic quote'],
  ['another encoding', Buffer.from('API_TOKEN=CANARY\xe4', 'latin1'), 'neither UTF-8 nor UTF-16'],
])('%s is refused by name', async (_name, content, reason) => {
  const failure = await failureOf(() => read(content));
  expect(failure).toMatchObject({ code: 'ENV_FILE_INVALID', message: expect.stringContaining(reason) });
  expect(failure.message).not.toContain('CANARY');
});

test('no file is no settings, and a directory is told', async () => {
  await withDirectory(async (directory) => {
    expect(readEnvFile(join(directory, '.env'))).toEqual({});
    mkdirSync(join(directory, '.env'));
    expect((await failureOf(() => readEnvFile(join(directory, '.env')))).message).toContain('EISDIR');
  });
});
