import { importIdOf, steamIdOf } from '../../support/ids.ts';
import type { StageStatus } from '@savepoint/core/contracts/import-status.ts';
import { parseObjectCreated } from '@savepoint/core/contracts/object-created.ts';
import type { DeadLetter } from '@savepoint/core/contracts/dead-letter.ts';
import { libraryKeyOf, printLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import { type ReconcileOptions, reconcile } from '@savepoint/core/operations/reconcile.ts';
import type { StageName } from '@savepoint/core/topology.ts';

const importId = importIdOf('76561197960287930-20261123T043000123Z');
const rawKey = (id: string) => printLibraryKey(libraryKeyOf('raw', id));
const enrichedKey = (id: string) => printLibraryKey(libraryKeyOf('enriched', id));
const depthOf = (stage: StageName) => ({ stage, waiting: 1, in_flight: 0, delayed: 0, dead_letters: 0 });
const deadLetterOf = (stage: StageName): DeadLetter => ({
  message_id: 'letter',
  import_id: importId,
  stage,
  attempts: 5,
  first_failed_at: '2026-11-23T05:00:00Z',
  last_failed_at: '2026-11-23T05:00:00Z',
  error: { code: 'X', message: 'x', retryable: true },
  body: '',
});
const now = new Date('2026-11-23T12:00:00Z');
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

type Situation = {
  /** Marked as open so many minutes ago. */
  open?: number;
  /** Minutes ago. */
  requested?: number;
  raw?: number;
  enriched?: number;
  records?: Partial<Record<StageName, Partial<StageStatus> & { minutesAgo: number }>>;
  deadLetter?: StageName;
  waiting?: StageName;
  /** There are more dead letters than can be looked at. */
  unread?: boolean;
  /** Keys of other files, 99 minutes old. */
  others?: string[];
};

async function reconcileIn(situation: Situation, options: Partial<ReconcileOptions> = {}) {
  const sent: { stage: StageName; body: string }[] = [];
  const closed: string[] = [];
  const lists: string[] = [];
  const files = { [rawKey(importId)]: situation.raw, [enrichedKey(importId)]: situation.enriched };
  const told = Object.entries(situation.records ?? {}).map(([stage, { minutesAgo, ...record }]) => [
    stage,
    {
      stage,
      status: 'completed',
      next_attempt_at: null,
      attempt_started_at: ago(minutesAgo).toISOString(),
      ...record,
    },
  ]);
  const request =
    situation.requested === undefined
      ? null
      : {
          steam_id: steamIdOf(importId.slice(0, 17)),
          import_id: importId,
          requested_at: ago(situation.requested).toISOString(),
        };
  const found = await reconcile(
    {
      bucketName: 'library',
      index: {
        async *listOpen() {
          if (situation.open !== undefined) yield { importId, since: ago(situation.open) };
        },
        close: async (importId) => void closed.push(importId),
      },
      objects: {
        async *list(prefix) {
          lists.push(prefix);
          for (const [key, minutes] of Object.entries(files))
            if (minutes !== undefined && key.startsWith(prefix)) yield { key, writtenAt: ago(minutes) };
          for (const key of situation.others ?? [])
            if (key.startsWith(prefix)) yield { key, writtenAt: ago(99) };
        },
      },
      statuses: {
        list: async () => (request || told.length > 0 ? [importId] : []),
        read: async () => (request || told.length > 0 ? { request, stages: Object.fromEntries(told) } : null),
      },
      queues: {
        depths: async () => (situation.waiting ? [depthOf(situation.waiting)] : []),
        send: async (stage, body) => void sent.push({ stage, body }),
      },
      deadLetters: {
        list: async (stage) => ({
          messages: stage === situation.deadLetter ? [deadLetterOf(stage)] : [],
          truncated: situation.unread ?? false,
        }),
      },
      now: () => now,
    },
    { olderThanSeconds: 15 * 60, dryRun: false, all: true, ...options },
  );
  return { found, sent, closed, lists };
}

test.each<[string, Situation, StageName]>([
  ['a request that no stage took up', { requested: 20 }, 'steam-import'],
  ['a raw file without an enriched one', { raw: 20 }, 'igdb-enrichment'],
  [
    'the same after a fetch',
    { requested: 21, raw: 20, records: { 'steam-import': { minutesAgo: 21 } } },
    'igdb-enrichment',
  ],
  [
    'an enriched file that went missing',
    { raw: 60, records: { 'igdb-enrichment': { minutesAgo: 59 } } },
    'igdb-enrichment',
  ],
  [
    'a raw file written anew',
    {
      raw: 20,
      enriched: 60,
      records: { 'igdb-enrichment': { minutesAgo: 61 }, 'database-import': { minutesAgo: 60 } },
    },
    'igdb-enrichment',
  ],
  [
    'a raw file mended after a failure',
    { raw: 20, records: { 'igdb-enrichment': { minutesAgo: 60, status: 'failed' } } },
    'igdb-enrichment',
  ],
  ['an enriched file without a load', { raw: 60, enriched: 20 }, 'database-import'],
  ['a dropped enriched file', { enriched: 20 }, 'database-import'],
  [
    'an enriched file written after its load',
    { enriched: 20, records: { 'database-import': { minutesAgo: 60 } } },
    'database-import',
  ],
  [
    'work that began a week ago and that SQS cannot hold any more',
    { raw: 10_080, records: { 'igdb-enrichment': { minutesAgo: 10_079, status: 'running' } } },
    'igdb-enrichment',
  ],
])('queues %s', async (_name, situation, stage) => {
  const { found, sent } = await reconcileIn(situation);
  expect(found.queued).toMatchObject([{ import_id: importId, stage }]);
  expect(sent.map((message) => message.stage)).toEqual([stage]);
});

test.each<[string, Situation]>([
  [
    'what is done',
    { requested: 62, raw: 61, enriched: 60, records: { 'database-import': { minutesAgo: 60 } } },
  ],
  ['what is young', { raw: 5 }],
  [
    'what is being looked up',
    { raw: 20, records: { 'igdb-enrichment': { minutesAgo: 19, status: 'running' } } },
  ],
  [
    'what is tried again later',
    {
      raw: 60,
      records: {
        'igdb-enrichment': { minutesAgo: 50, status: 'retrying', next_attempt_at: ago(-5).toISOString() },
      },
    },
  ],
  [
    'what Steam asked to be tried hours later',
    {
      requested: 700,
      records: {
        'steam-import': { minutesAgo: 690, status: 'retrying', next_attempt_at: ago(-10).toISOString() },
      },
    },
  ],
  ['what was given up', { raw: 20, records: { 'igdb-enrichment': { minutesAgo: 19, status: 'failed' } } }],
  [
    'a fetch that was given up',
    { requested: 20, records: { 'steam-import': { minutesAgo: 19, status: 'failed' } } },
  ],
  ['a fetch whose file has expired', { requested: 20, records: { 'steam-import': { minutesAgo: 19 } } }],
  ['nothing at all', {}],
])('leaves alone %s', async (_name, situation) => {
  const { found, sent } = await reconcileIn(situation);
  expect(found).toEqual({ queued: [], postponed: [], strays: [], more: false });
  expect(sent).toEqual([]);
});

test.each([
  ['dead_letter', { deadLetter: 'igdb-enrichment' }],
  ['queue_busy', { waiting: 'igdb-enrichment' }],
  ['dead_letters_unread', { unread: true }],
] as const)('postpones what may still have its message: %s', async (reason, where) => {
  const { found, sent } = await reconcileIn({ raw: 20, ...where });
  expect(found).toMatchObject({ queued: [], postponed: [{ import_id: importId, reason }] });
  expect(sent).toEqual([]);
});

test('the message is what the stage would have got', async () => {
  const request = await reconcileIn({ requested: 20 });
  expect(JSON.parse(request.sent[0]!.body)).toEqual({
    steam_id: steamIdOf(importId.slice(0, 17)),
    import_id: importId,
    requested_at: ago(20).toISOString(),
  });
  const file = await reconcileIn({ raw: 20 });
  expect(parseObjectCreated(JSON.parse(file.sent[0]!.body))).toMatchObject({ key: rawKey(importId) });
  expect(file.found.queued).toEqual([
    { import_id: importId, stage: 'igdb-enrichment', s3_key: rawKey(importId), since: ago(20).toISOString() },
  ]);
});

test('a dry run lists and queues nothing', async () => {
  const { found, sent } = await reconcileIn({ raw: 20 }, { dryRun: true });
  expect(found.queued).toHaveLength(1);
  expect(sent).toEqual([]);
});

test('looks back no further than it is told', async () => {
  expect((await reconcileIn({ raw: 120 }, { newerThanSeconds: 3600 })).found.queued).toEqual([]);
  expect((await reconcileIn({ raw: 30 }, { newerThanSeconds: 3600 })).found.queued).toHaveLength(1);
});

test('files that nobody will read are named, with the name that they should have', async () => {
  const others = ['raw/', 'raw/nobody.csv', `raw/steam-library-${importId}.CSV`, 'enriched/games.xlsx'];
  const { found, sent } = await reconcileIn({ others });
  expect(sent).toEqual([]);
  const expected = 'raw/steam-library-<SteamID64>-<timestamp>.csv';
  expect(found.strays).toEqual([
    { s3_key: others[1], since: ago(99).toISOString(), reason: 'name', expected },
    { s3_key: others[2], since: ago(99).toISOString(), reason: 'suffix', expected },
    {
      s3_key: others[3],
      since: ago(99).toISOString(),
      reason: 'suffix',
      expected: 'enriched/steam-library-<SteamID64>-<timestamp>-enriched.csv',
    },
  ]);
  expect((await reconcileIn({ others }, { olderThanSeconds: 7200 })).found.strays).toEqual([]);
});

describe('without a walk through everything', () => {
  const open = { all: false } as const;

  test('what is marked as open is looked at by itself', async () => {
    const { found, sent, lists } = await reconcileIn({ requested: 60, raw: 20, open: 60 }, open);
    expect(found.queued).toMatchObject([{ import_id: importId, stage: 'igdb-enrichment' }]);
    expect(sent.map(({ stage }) => stage)).toEqual(['igdb-enrichment']);
    expect(lists).toEqual([rawKey(importId), enrichedKey(importId)]);
  });

  test('what is not marked, or has been for moments alone, is left', async () => {
    expect((await reconcileIn({ requested: 60, raw: 20 }, open)).found.queued).toEqual([]);
    const young = await reconcileIn({ requested: 60, raw: 20, open: 5 }, open);
    expect([young.found.queued, young.lists]).toEqual([[], []]);
  });

  test('the marker of an import that has ended goes, and no other', async () => {
    const failed = {
      'steam-import': { minutesAgo: 30, status: 'failed', started_at: ago(30).toISOString() },
    };
    const ended = await reconcileIn({ requested: 60, open: 60, records: failed as never }, open);
    expect([ended.closed, ended.found.queued]).toEqual([[importId], []]);
    expect((await reconcileIn({ requested: 60, open: 60 }, open)).closed).toEqual([]);
    expect(
      (await reconcileIn({ requested: 60, open: 60, records: failed as never }, { ...open, dryRun: true }))
        .closed,
    ).toEqual([]);
  });
});
