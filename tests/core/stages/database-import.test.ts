import { type LibraryKey, libraryKeyOf, printLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import {
  type DatabaseImportPorts,
  databaseImport,
  type LoadBatch,
} from '@savepoint/core/stages/database-import.ts';

const key = libraryKeyOf('enriched', '76561197960287930-20261123T043000123Z');
const keyText = printLibraryKey(key);
const rejectsKey = 'rejects/steam-library-76561197960287930-20261123T043000123Z-enriched.csv';
const summary = {
  imported_count: 1,
  skipped_count: 0,
  matched: 0,
  unmatched: 0,
  pending: 1,
  ignored: 0,
  rejected: 0,
  new: 1,
  changed: 0,
  unchanged: 0,
  minutes_played: 0,
  gone: 0,
  stale: false,
  warnings: [],
};

/** Ports that record what they are asked; `passes` is how often the load reads the file. */
function recordingPorts(csv: string, passes = 1, rejectedEarlier = 0) {
  const seen = {
    opened: [] as string[],
    rejects: [] as [string, string][],
    dropped: [] as string[],
    libraries: [] as LibraryKey[],
    batches: [] as LoadBatch[][],
    published: [] as string[],
  };
  const ports: DatabaseImportPorts = {
    openLibrary: async (library) => {
      seen.opened.push(printLibraryKey(library));
      return (async function* () {
        for (let at = 0; at < csv.length; at += 60_000) yield Buffer.from(csv.slice(at, at + 60_000));
      })();
    },
    notesOf: async () => ({ rejectedRows: rejectedEarlier, askedAgain: false }),
    publishLibrary: async (steamId) => {
      seen.published.push(steamId);
    },
    putRejects: async (...rejects) => {
      seen.rejects.push(rejects);
    },
    dropRejects: async (rejects) => {
      seen.dropped.push(rejects);
    },
    loadLibrary: async (library, readBatches) => {
      seen.libraries.push(library);
      for (let pass = 0; pass < passes; pass++) {
        const batches: LoadBatch[] = [];
        for await (const batch of readBatches()) batches.push(batch);
        seen.batches.push(batches);
      }
      return summary;
    },
  };
  return { ports, seen };
}

test('names the import by its key and answers what the load did', async () => {
  const { ports, seen } = recordingPorts('appid,name\n10,Counter-Strike\n');
  expect(await databaseImport(key, ports)).toEqual({ s3_key: keyText, ...summary });
  expect(seen.libraries).toEqual([
    {
      importId: '76561197960287930-20261123T043000123Z',
      steamId: '76561197960287930',
      importedAt: Date.UTC(2026, 10, 23, 4, 30, 0, 123),
      kind: 'enriched',
    },
  ]);
  expect(seen.batches).toMatchObject([[{ rows: [{ appId: 10, name: 'Counter-Strike' }], rejected: 0 }]]);
  expect(seen.rejects).toEqual([]);
});

test('rows that enrichment refused count as rejected at every reading, and get no second line in rejects/', async () => {
  const { ports, seen } = recordingPorts('appid,name\n10,Counter-Strike\n', 2, 3);
  await databaseImport(key, ports);
  for (const batches of seen.batches) expect(batches).toMatchObject([{ rows: [{ appId: 10 }], rejected: 3 }]);
  expect(seen.rejects).toEqual([]);
});

test('bad rows are counted and stand in rejects/ with their line and reason; bad cells cost themselves', async () => {
  const { ports, seen } = recordingPorts(
    'appid,name,release_date\n10,A\u0000B,\n-20,Unfit,\n30,Never,0000-00-00\n',
  );
  expect(await databaseImport(key, ports)).toMatchObject({
    columns: { unread: { name: 1, release_date: 1 } },
  });
  expect(seen.batches).toMatchObject([
    [
      {
        rows: [
          { appId: 10, name: null },
          { appId: 30, name: 'Never' },
        ],
        rejected: 1,
      },
    ],
  ]);
  expect(seen.rejects).toEqual([
    [rejectsKey, expect.stringMatching(/^line,reason,record\n3,appid is not a whole number.*\n$/)],
  ]);
});

test('a file of which no row can be used fails in the midst of the load, and its rejects are kept', async () => {
  const { ports, seen } = recordingPorts('appid\nten\n');
  await expect(databaseImport(key, ports)).rejects.toMatchObject({
    code: 'CSV_NO_USABLE_ROWS',
    retryable: false,
  });
  expect(seen.batches).toEqual([]);
  expect(seen.rejects).toMatchObject([[rejectsKey, expect.stringContaining('2,appid is not')]]);
});

test('the rejects of an earlier file go with a clean one, and a header alone is an empty library', async () => {
  for (const file of ['appid\n10\n', 'appid\n']) {
    const { ports, seen } = recordingPorts(file);
    await databaseImport(key, ports);
    expect([seen.dropped, seen.rejects]).toEqual([[rejectsKey], []]);
  }
});

test('a load that begins anew reads the file again and counts its bad rows once', async () => {
  const { ports, seen } = recordingPorts('appid\nten\n20\n', 3);
  await databaseImport(key, ports);
  expect(seen.opened).toEqual([keyText, keyText, keyText]);
  expect(seen.rejects[0]![1].trimEnd().split('\n')).toHaveLength(2);
});

test('the first batch is small, and none is large when summaries are very long', async () => {
  const lines = Array.from({ length: 7_000 }, (_, index) => `${index + 1}`).join('\n');
  const short = recordingPorts(`appid\n${lines}\n`);
  await databaseImport(key, short.ports);
  expect(short.seen.batches[0]!.map(({ rows }) => rows.length)).toEqual([1_000, 3_000, 3_000]);

  const summaryText = 'x'.repeat(20_000);
  const long = Array.from({ length: 1_000 }, (_, index) => `${index + 1},${index + 1},${summaryText}`).join(
    '\n',
  );
  const { ports, seen } = recordingPorts(`appid,igdb_id,summary\n${long}\n`);
  await databaseImport(key, ports);
  expect(seen.batches[0]!.map(({ rows }) => rows.length)).toEqual([839, 161]);
});

test('a file without a header is permanently refused', async () => {
  const { ports } = recordingPorts('');
  await expect(databaseImport(key, ports)).rejects.toMatchObject({
    code: 'CSV_NO_HEADER',
    retryable: false,
  });
});

test('a file of the future is permanently refused before it is read', async () => {
  const { ports, seen } = recordingPorts('appid\n10\n');
  const future = libraryKeyOf('enriched', '76561197960287930-2062-01-01');
  await expect(databaseImport(future, ports)).rejects.toMatchObject({
    code: 'IMPORT_IN_FUTURE',
    retryable: false,
  });
  expect(seen.opened).toEqual([]);
});
