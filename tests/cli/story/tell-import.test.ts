import { stripVTControlCharacters } from 'node:util';
import { progressLines } from '@savepoint/cli/story/progress-lines.ts';
import { tellImport, tellOutcome } from '@savepoint/cli/story/tell-import.ts';
import { type StageStatus, StageStatus as Schema } from '@savepoint/core/contracts/import-status.ts';
import { viewImport } from '@savepoint/core/contracts/import-view.ts';
import type { StageName } from '@savepoint/core/topology.ts';
import stringWidth from 'string-width';
import * as v from 'valibot';
import { at, importId, statusOf } from '../../support/stage-statuses.ts';

const now = new Date(at(60));
const unlimited = Number.POSITIVE_INFINITY;
const viewOf = (...stages: StageStatus[]) =>
  viewImport(
    importId,
    { request: null, stages: Object.fromEntries(stages.map((stage) => [stage.stage, stage])) },
    now,
  );
const outcomeOf = (...stages: StageStatus[]) =>
  tellOutcome(viewOf(...stages), now, unlimited).map((line) => stripVTControlCharacters(line));
const failed = (stage: StageName, code: string, retryable: boolean, message = 'It did not work.') =>
  statusOf(stage, 'failed', 0, {
    finished_at: at(1),
    error: { code, message, operator_hint: 'Look at the log.', retryable },
  });

test('a completed import tells its result, that it was stale, and its warnings', () => {
  const load = statusOf('database-import', 'completed', 4, {
    counts: { imported_count: 2, matched: 1, unmatched: 1 },
    stale: true,
    warnings: [{ code: 'PLAYTIME_HIDDEN', message: 'Untick the box.' }],
  });
  expect(outcomeOf(load)).toEqual([
    expect.stringMatching(/^Stored 2 games/),
    expect.stringContaining('A newer import of this person was loaded before'),
    'Warning PLAYTIME_HIDDEN: Untick the box.',
  ]);
});

/** As a version that knew nothing of columns stored it. */
const stored = statusOf('igdb-enrichment', 'completed', 0, { counts: { matched: 2 } });

test('the status tells how a dropped file was understood, and its headings do no harm', () => {
  const columns = {
    understood: { appid: 'App\u001b[2J ID', name: 'name', playtime_forever: 'Hours' },
    left_aside: ['Shelf', 'Notes\n\u202ex'],
    unread: { playtime_forever: 3 },
  };
  const view = viewOf(v.parse(Schema, { ...stored, columns }));
  expect(view.stages[1]).toMatchObject({ name: 'igdb-enrichment', columns });
  expect(tellOutcome(view, now, unlimited)).toEqual([
    'Columns understood: App ID as appid, Hours as playtime_forever.',
    'Columns ignored: Shelf, Notes x.',
    'Values that could not be read and count as missing: 3 of playtime_forever.',
  ]);
});

test('a status of before is read, and has nothing to tell', () => {
  expect(outcomeOf(v.parse(Schema, stored))).toEqual([]);
});

test.each([
  ['steam-import', 'STEAM_UNAVAILABLE', true, 'can help:', 'redrive'],
  ['steam-import', 'STEAM_GAME_DETAILS_PRIVATE', false, 'helps once the cause is gone:', 'redrive'],
  ['steam-import', 'STEAM_ACCOUNT_NOT_FOUND', false, 'cannot help', 'discard'],
  ['igdb-enrichment', 'CSV_HEADER_INVALID', false, 'cannot help', 'discard'],
] as const)('%s given up with %s (retryable: %s): a retry %s', (stage, code, retryable, advice, command) => {
  expect(outcomeOf(failed(stage, code, retryable))).toEqual([
    expect.stringContaining('gave up after 1 attempt; its message waits in the dead-letter queue.'),
    `  error             ${code}`,
    '  for the person    It did not work.',
    '  for the operator  Look at the log.',
    expect.stringContaining(`  a retry           ${advice}`),
    '',
    `  npx savepoint dlq ${command} --import ${importId}`,
  ]);
});

test('at 80 columns no line is longer, and at no width is a command broken', () => {
  const long =
    'Steam does not show the games of this profile: in Steam, under Profile → Edit Profile → Privacy Settings, set “Game details” to Public and import again.';
  const view = viewOf(
    statusOf('steam-import', 'completed', 0, { counts: { game_count: 180 }, finished_at: at(1) }),
    failed('igdb-enrichment', 'STEAM_GAME_DETAILS_PRIVATE', false, long),
  );
  for (const width of [80, 120]) {
    const lines = stripVTControlCharacters(tellImport(view, now, width)).split('\n');
    expect(lines.filter((line) => stringWidth(line) > width)).toEqual([]);
    expect(lines.at(-1)).toBe(`  npx savepoint dlq redrive --import ${importId}`);
  }
  expect(stripVTControlCharacters(tellImport(view, now, 80))).toContain(
    '\n  for the person    Steam does not show the games of this profile: in Steam,\n                    under Profile',
  );
});

test('the progress fits 80 columns whatever a stage has to say', () => {
  const retrying = statusOf('database-import', 'retrying', 2, {
    attempts: 10,
    error: { code: 'DATABASE_SCHEMA_OUTDATED', message: '', operator_hint: null, retryable: true },
  });
  const counts = { matched: 123_456, unmatched: 23_456, filtered: 3_456, rejected: 1_000 };
  const view = viewOf(statusOf('igdb-enrichment', 'completed', 1, { counts, finished_at: at(2) }), retrying);
  expect(progressLines(view, now, 80).map((line) => stripVTControlCharacters(line))).toEqual([
    ' · steam-import     not needed: the import began with a file',
    ' ✔ igdb-enrichment  123,456 matched, 23,456 unmatched, 3,456 not games,…   1.0 s',
    ' ↻ database-import  attempt 10 of 11 failed: DATABASE_SCHEMA_OUTDATED     58.0 s',
  ]);
});
