import fc from 'fast-check';
import { readEnrichedLibrary } from '@savepoint/core/contracts/enriched-library.ts';
import { readOverrides } from '@savepoint/core/contracts/overrides.ts';
import { readRawLibrary } from '@savepoint/core/contracts/raw-library.ts';
import { bytesOf, expectRefusal, type InputClass, inChunks, nastyText } from './input-class.ts';

type File = string | Uint8Array;

/** Small, so that every place is a border once; a large file comes in such as S3 sends. */
const chunkOf = ({ length }: Uint8Array) => (length < 10_000 ? 64 : 64 * 1024);

const words = [
  'appid',
  'name',
  'playtime_forever',
  ',',
  ';',
  '\t',
  '\n',
  '"',
  '""',
  '220',
  'Half-Life 2',
  '-1',
  '1e9',
  '99999999999',
  'MATCHED',
  'igdb_id',
  '2026-02-30',
  '=cmd|x',
  '\r',
];
const randomBytes = fc.uint8Array({ maxLength: 200 });
const files: fc.Arbitrary<File> = fc.oneof(
  nastyText(words),
  nastyText(words).map((text) => `appid,name,playtime_forever\n1,One,1\n${text}`),
  randomBytes,
);

const namedFiles: readonly (readonly [string, File])[] = [
  ['nothing', ''],
  ['a byte order mark alone', '\ufeff'],
  ['a header alone', 'appid,name\n'],
  ['no header', '220,Half-Life 2\n'],
  ['gzip', new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])],
  ['a workbook', bytesOf('PK\u0003\u0004[Content_Types].xml')],
  ['Windows-1252', new Uint8Array([...bytesOf('appid,name\n1,Caf'), 0xe9, 10])],
  ['UTF-16 cut in the middle', new Uint8Array([0xff, 0xfe, 0x61, 0, 0x70])],
  ['a quote that never ends', 'appid,name\n1,"One\n2,Two\n3,Three\n'],
  ['an endless field', `appid,name\n1,${'x'.repeat(3_000_000)}\n`],
  ['ten thousand columns', `${Array.from({ length: 10_000 }, (_, index) => `c${index}`).join(',')}\n1\n`],
  ['one column twice', 'appid,appid\n1,2\n'],
  ['names of prototypes', 'appid,__proto__,constructor,toString\n1,2,3,4\n'],
  ['zero bytes', 'appid,name\n1,O\0ne\n'],
  ['numbers beyond all bounds', 'appid,playtime_forever\n99999999999999999999,1\n1,1e400\n-0,NaN\n'],
  ['formulas', 'appid,name\n1,"=HYPERLINK(""http://evil"")"\n'],
  ['half a character', 'appid,name\n1,\ud800\n'],
  ['HTML', '<!doctype html><html><body>Not found</body></html>'],
  ['JSON', '[{"appid":1}]'],
];

const namesOf: Record<
  string,
  (chunks: AsyncGenerator<Uint8Array>) => AsyncGenerator<{ rows: readonly { appId: number }[] }>
> = {
  raw: readRawLibrary,
  enriched: readEnrichedLibrary,
};

async function idsIn(kind: string, bytes: Uint8Array): Promise<number[] | null> {
  const ids: number[] = [];
  try {
    for await (const { rows } of namesOf[kind]!(inChunks(bytes, chunkOf(bytes))))
      ids.push(...rows.map(({ appId }) => appId));
  } catch (error) {
    expectRefusal(error);
    return null;
  }
  if (!ids.every((appId) => Number.isInteger(appId) && appId > 0 && appId <= 2_147_483_647))
    throw new Error(`apps are ${ids.join()}`);
  if (new Set(ids).size !== ids.length) throw new Error('an app stands twice');
  return ids;
}

/** A line that cannot hold the lines around it: it opens no quote, and ends itself. */
const lineOf = (file: File): string =>
  new TextDecoder()
    .decode(bytesOf(file))
    .replace(/["\r\n\0\u0085\u2028\u2029]/g, '')
    .slice(0, 500);

const csv = (kind: string): InputClass<File> => ({
  name: `CSV files, ${kind}`,
  named: namedFiles,
  generated: files,
  async check(file) {
    await idsIn(kind, bytesOf(file));
    // Whatever one line holds, its neighbours stay.
    const ids = await idsIn(kind, bytesOf(`appid,name\n1000001,Before\n${lineOf(file)}\n1000002,Behind\n`));
    if (!ids?.includes(1_000_001) || !ids.includes(1_000_002))
      throw new Error(`neighbours are lost: ${ids?.join()}`);
  },
});

export const csvFiles = [csv('raw'), csv('enriched')];

export const overrideFiles: InputClass<File> = {
  name: 'override files',
  named: [
    ...namedFiles.map(([what, file]) => [what, file] as const),
    ['a class that is none', 'appid,igdb_id,classification\n1,,castle\n'],
    ['a game that is none', 'appid,igdb_id\n1,-5\n2,nothing\n'],
  ],
  generated: files,
  async check(file) {
    try {
      const { overrides } = await readOverrides(inChunks(bytesOf(file), chunkOf(bytesOf(file))));
      for (const [appId, override] of overrides)
        if (appId !== override.appId || !(appId > 0))
          throw new Error(`${appId} is overridden as ${override.appId}`);
    } catch (error) {
      expectRefusal(error);
    }
  },
};
