import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseVariables, readEnv } from '@savepoint/functions/runtime/env.ts';
import { readEnvFile } from '@savepoint/local/env-file.ts';
import { localVariables } from '@savepoint/local/local-env.ts';
import { canary, expectRefusal, type InputClass, nastyText } from './input-class.ts';

type Variables = Record<string, string>;

const names = Object.keys(localVariables);
const words = [
  'http://',
  'https://127.0.0.1',
  'postgres://u:p@h/d',
  'on',
  'off',
  '3000',
  '0',
  '-1',
  'INFO',
  'true',
  canary,
];

/** Every value may be a secret, so none is told. */
function refused(error: unknown, values: readonly string[]): void {
  const { message } = expectRefusal(error);
  for (const value of values)
    if (value.length > 12 && message.includes(value)) throw new Error('the message tells a value');
}

export const environments: InputClass<Variables> = {
  name: 'environments',
  named: [
    ['a port that is none', { PORT: '99999' }],
    ['a port of another script', { PORT: '３０００' }],
    ['an address that is none', { STEAM_API_URL: `not an address ${canary}` }],
    ['an address of another scheme', { IGDB_API_URL: `file:///etc/passwd?${canary}` }],
    ['a bucket that leaves its place', { S3_BUCKET: '../../etc' }],
    ['a region with a line end', { AWS_REGION: 'eu\r\nHost: evil' }],
    ['a key with blanks', { STEAM_API_KEY: `${canary} and more` }],
    ['a database that is none', { DATABASE_URL: `mysql://root:${canary}@db` }],
    ['days without end', { JOURNAL_DAYS: '99999999999999999999' }],
    ['a level that is none', { LOG_LEVEL: 'LOUD' }],
    ['a switch in between', { SELF_HEALING: 'maybe' }],
  ],
  generated: fc.dictionary(fc.constantFrom(...names), nastyText(words)),
  check(variables) {
    for (const read of [
      () => parseVariables(localVariables, variables),
      () => readEnv(variables, ['steamApiKey']),
    ])
      try {
        read();
      } catch (error) {
        refused(error, Object.values(variables));
      }
  },
};

const directory = mkdtempSync(join(tmpdir(), 'savepoint-hostile-'));
process.once('exit', () => rmSync(directory, { recursive: true, force: true }));

export const envFiles: InputClass<string | Uint8Array> = {
  name: '.env files',
  named: [
    ['bytes that are no text', new Uint8Array([0xc3, 0x28, 0xff])],
    ['UTF-16 cut in the middle', new Uint8Array([0xff, 0xfe, 0x41])],
    ['a name that is none', `1NAME=${canary}`],
    ['no value', canary],
    ['a quote that never ends', `KEY="${canary}`],
    ['text behind a quote', `KEY="${canary}" ${canary}`],
    ['a typographic quote', `KEY=“${canary}”`],
    ['zero bytes', `KEY=${canary}\0`],
    ['the name of a prototype', `__proto__=${canary}\nconstructor=${canary}`],
    ['a hundred thousand lines', 'A=1\n'.repeat(100_000)],
  ],
  generated: fc.oneof(
    // Behind `=` alone: names are told.
    nastyText(['KEY=', 'export ', '#', '=', '"', "'", '`', '\n', '\\n', `=${canary}`]),
    fc.uint8Array({ maxLength: 60 }),
  ),
  check(file) {
    const path = join(directory, '.env');
    writeFileSync(path, file);
    try {
      const read = readEnvFile(path);
      if (Object.getPrototypeOf(read) !== Object.prototype) throw new Error('a prototype was changed');
    } catch (error) {
      expectRefusal(error);
    }
  },
};
