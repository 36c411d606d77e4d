import { enrichRow, pinnedMatch } from '@savepoint/core/enrichment/enrich-row.ts';
import type { Match } from '@savepoint/core/matching/match.ts';
import { rawRow } from '../../support/library-rows.ts';
import { evidenceOf, matched, override, portal, unmatched } from '../classification/portal-evidence.ts';
import { game } from './igdb-in-memory.ts';

const rowOf = (evidence: ReturnType<typeof evidenceOf>, name = 'Portal') =>
  enrichRow(rawRow({ appId: 400, name }), evidence);

test('a match and a miss are told with their reasons', () => {
  expect(rowOf(evidenceOf({ steamType: 0, match: matched() }))).toMatchObject({
    classification: 'game',
    classificationSource: 'steam',
    matchStatus: 'MATCHED',
    matchMethod: 'uid',
    matchConfidence: 0.95,
    matchReason: 'the only one',
    rejectedIgdbIds: [7],
    game: portal,
  });
  expect(rowOf(evidenceOf({ steamType: 0, match: unmatched }))).toMatchObject({
    matchStatus: 'UNMATCHED',
    matchMethod: null,
    matchConfidence: null,
    matchReason: 'no candidate bears this name',
    rejectedIgdbIds: [8],
    game: null,
  });
});

test('what is no game is ignored and carries none, and what was not looked up is pending', () => {
  const nothing = {
    matchMethod: null,
    matchConfidence: null,
    matchReason: null,
    rejectedIgdbIds: [],
    game: null,
  };
  expect(rowOf(evidenceOf({ steamType: 11, match: matched() }))).toMatchObject({
    classification: 'soundtrack',
    matchStatus: 'IGNORED',
    ...nothing,
  });
  expect(rowOf(evidenceOf({ steamType: 0 }))).toMatchObject({ matchStatus: 'PENDING', ...nothing });
});

test('where the store is silent, IGDB confirms a game through the uid, and the name speaks before it', () => {
  const dlc = game(9, 'Portal', { gameType: 1 });
  for (const method of ['uid', 'name'] as const)
    expect(rowOf(evidenceOf({ match: matched({ game: dlc, method }) }))).toMatchObject({
      classification: 'game',
      classificationSource: 'name',
      matchStatus: 'MATCHED',
    });
  expect(rowOf(evidenceOf({ match: matched() })).classificationSource).toBe('igdb');
  expect(rowOf(evidenceOf({ match: matched({ method: 'name' }) })).classificationSource).toBe('name');
  expect(rowOf(evidenceOf(null), 'Portal Soundtrack')).toMatchObject({
    classification: 'soundtrack',
    matchStatus: 'IGNORED',
  });
});

test('an override stands above everything', () => {
  const pin = override({ igdbId: 5, note: 'the remake' });
  const pinned = pinnedMatch(pin, game(5, 'Portal Remake', { gameType: 1 }));
  expect(rowOf(evidenceOf({ steamType: 13, match: unmatched }, pin, pinned))).toMatchObject({
    classification: 'game',
    classificationSource: 'override',
    matchStatus: 'MATCHED',
    matchMethod: 'override',
    matchConfidence: 1,
    matchReason: 'pinned by an override: the remake',
    game: { igdbId: 5 },
  });
  expect(
    rowOf(evidenceOf({ steamType: 0, match: matched() }, override({ igdbId: 'none', note: 'a namesake' }))),
  ).toMatchObject({
    matchStatus: 'UNMATCHED',
    matchReason: 'an override forbids a match: a namesake',
    game: null,
  });
  expect(
    rowOf(evidenceOf({ steamType: 0, match: matched() }, override({ classification: 'video' }))),
  ).toMatchObject({
    classification: 'video',
    classificationSource: 'override',
    matchStatus: 'IGNORED',
    game: null,
  });
});

test('a pin on a game that IGDB does not know is no match, and says so', () => {
  const pin = override({ igdbId: 5 });
  expect(rowOf(evidenceOf({ match: matched() }, pin, pinnedMatch(pin, undefined)))).toMatchObject({
    matchStatus: 'UNMATCHED',
    matchReason: 'an override pins IGDB game 5, which IGDB does not know',
    game: null,
  });
});

test('a row tells when its app was learnt of, and who was silent', () => {
  expect(rowOf(evidenceOf({ learntAt: 1_790_000_000, match: matched() }))).toMatchObject({
    learntAt: 1_790_000_000,
    silentSources: [],
  });
  const refused: Match = { status: 'PENDING', reason: 'IGDB refuses to look for it', rejectedIds: [] };
  expect(rowOf(evidenceOf({ storeAnswered: false, match: refused }))).toMatchObject({
    matchStatus: 'PENDING',
    matchReason: 'IGDB refuses to look for it',
    matchMethod: null,
    silentSources: ['steam', 'igdb'],
    game: null,
  });
});

test('a pinned game that IGDB refuses to tell leaves the app pending', () => {
  const pin = override({ igdbId: 5 });
  expect(rowOf(evidenceOf({ steamType: 0 }, pin, pinnedMatch(pin, null)))).toMatchObject({
    matchStatus: 'PENDING',
    matchReason: expect.stringContaining('pins IGDB game 5, which IGDB refuses'),
    silentSources: ['igdb'],
  });
});

test('of a game whose name is left out nobody can tell whether its name says otherwise', () => {
  const evidence = evidenceOf({ steamType: 0, match: matched() });
  expect(enrichRow(rawRow({ appId: 400, name: null }), evidence)).toMatchObject({
    classification: null,
    classificationSource: null,
    silentSources: ['steam'],
    matchStatus: 'MATCHED',
  });
  const soundtrack = evidenceOf({ steamType: 11, match: matched() });
  expect(enrichRow(rawRow({ appId: 400, name: null }), soundtrack)).toMatchObject({
    classification: 'soundtrack',
    classificationSource: 'steam',
    silentSources: [],
  });
});
