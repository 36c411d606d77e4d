import { type AppKnowledge, readCheckpoint, writeCheckpoint } from '@savepoint/core/contracts/checkpoint.ts';
import { untoldStoreFacts } from '@savepoint/core/contracts/enriched-library.ts';
import { chunksOf, collect } from '../../support/bytes.ts';
import { game } from '../enrichment/igdb-in-memory.ts';

const known: AppKnowledge[] = [
  {
    appId: 1,
    steamType: 13,
    storeAnswered: true,
    store: untoldStoreFacts,
    learntAt: 1_790_000_000,
    decided: null,
    match: null,
  },
  {
    appId: 2,
    steamType: null,
    storeAnswered: false,
    store: null,
    learntAt: null,
    decided: 'none tool',
    match: { status: 'UNMATCHED', reason: 'no candidate “bears”\nthis name', rejectedIds: [4] },
  },
  {
    appId: 3,
    steamType: 0,
    storeAnswered: true,
    store: {
      deckCompatibility: 'verified',
      reviewPercent: 98,
      reviewCount: 380_000,
      releaseState: 'released',
      headerImageUrl: 'https://shared.akamai.steamstatic.com/store_item_assets/steam/apps/620/header.jpg',
    },
    learntAt: 1_790_000_000,
    decided: null,
    match: {
      status: 'MATCHED',
      game: game(72, 'Portal 漢🎮', {
        rating: 91.5,
        themes: ['Science fiction', 'Comedy'],
        websites: ['https://www.thinkwithportals.com'],
        timeToBeatNormallySeconds: 36_000,
      }),
      method: 'uid',
      confidence: 0.95,
      reason: 'one',
      rejectedIds: [],
    },
  },
];
const file = [...writeCheckpoint(known)].join('');
const read = (text: string, chunkBytes?: number) => collect(readCheckpoint(chunksOf(text, chunkBytes)));

test('what is known is read as it was written, however it is cut into chunks', async () => {
  for (const chunkBytes of [1, 7, 10_000]) expect(await read(file, chunkBytes)).toEqual(known);
});

test('a line that is broken, cut short or of another form is looked up again; the others hold', async () => {
  const [first, second, third] = file.split('\n');
  expect(
    await read(
      [first, '{"appId":', '{"appId":"5","steamType":0,"match":null}', 'null', '', second, ''].join('\n'),
    ),
  ).toEqual(known.slice(0, 2));
  expect(await read(`${first}\n${third!.slice(0, -1)}`)).toEqual(known.slice(0, 1));
  expect(await read('')).toEqual([]);
});

test('lines of before stay readable; where they have no type, nobody knows whether the store answered', async () => {
  const lines = [
    '{"appId":1,"steamType":13,"match":null}',
    '{"appId":2,"steamType":null,"match":{"status":"UNMATCHED","reason":"none","rejectedIds":[]}}',
  ];
  expect(await read(`${lines.join('\n')}\n`)).toMatchObject([
    { appId: 1, steamType: 13, storeAnswered: true, store: null, learntAt: null },
    { appId: 2, steamType: null, storeAnswered: false, learntAt: null, match: { status: 'UNMATCHED' } },
  ]);
});

test('a line without an end is not collected, and what stands before it holds', async () => {
  const [first] = file.split('\n');
  const long = `{"appId":9,"steamType":null,"match":null,"filler":"${'x'.repeat(3 * 1024 * 1024)}"}`;
  expect(await read(`${first}\n${long}\n`, 64 * 1024)).toEqual(known.slice(0, 1));
});
