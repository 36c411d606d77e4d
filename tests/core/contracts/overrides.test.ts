import { readOverrides } from '@savepoint/core/contracts/overrides.ts';
import { chunksOf } from '../../support/bytes.ts';
import { failureOf } from '../../support/failure.ts';

const read = async (file: string) => {
  const { overrides, rejects } = await readOverrides(chunksOf(file));
  return { overrides: [...overrides.values()], rejects: rejects.first };
};

test('an override pins a game, forbids a match, or sets the class', async () => {
  const file = 'appid,igdb_id,classification,note\n1,72,,"right, this one"\n2,None,,\n3,,tool,\n4,5,beta,\n';
  expect(await read(file)).toEqual({
    overrides: [
      { appId: 1, igdbId: 72, classification: null, note: 'right, this one' },
      { appId: 2, igdbId: 'none', classification: null, note: null },
      { appId: 3, igdbId: null, classification: 'tool', note: null },
      { appId: 4, igdbId: 5, classification: 'beta', note: null },
    ],
    rejects: [],
  });
});

test('the last line of an app holds', async () => {
  const { overrides } = await read('appid,igdb_id\n1,72\n1,73\n');
  expect(overrides.map(({ igdbId }) => igdbId)).toEqual([73]);
});

test('a bad line is left out and reported, in the order of the file', async () => {
  const file = 'appid,igdb_id,classification,note\n1,nobody,,\n2,,toy,\n3,,,why\n0,5,,\n4,0,,\n5\n6,7,,\n';
  const { overrides, rejects } = await read(file);
  expect(overrides.map(({ appId }) => appId)).toEqual([6]);
  expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([
    [2, 'igdb_id is neither an IGDB id nor none'],
    [3, expect.stringContaining('classification is none of game, dlc')],
    [4, 'neither igdb_id nor classification is given, so the line changes nothing'],
    [5, 'appid must be at least 1'],
    [6, 'igdb_id must be at least 1'],
    [7, 'neither igdb_id nor classification is given, so the line changes nothing'],
  ]);
});

test('it is read as library files are', async () => {
  const file =
    'sep=;\nApp ID;Classification;who, and when;IGDB_ID\n"=""1""";Tool;ann;NaN\n2.0;;;72.0\n;;;\n1.09E+06;;;5\n';
  const { overrides, rejects } = await read(file);
  expect(overrides).toEqual([
    { appId: 1, igdbId: null, classification: 'tool', note: null },
    { appId: 2, igdbId: 72, classification: null, note: null },
  ]);
  expect(rejects).toMatchObject([
    { line: 6, reason: expect.stringContaining('appid has lost its last digits') },
  ]);
});

test('a file that is no CSV is refused as a whole', async () => {
  expect((await failureOf(() => read('hello\n'))).code).toBe('CSV_HEADER_INVALID');
});
