import { stripVTControlCharacters } from 'node:util';
import { tellOutcome } from '@savepoint/cli/story/tell-import.ts';
import {
  type StageStatus,
  StageStatus as Schema,
  viewImport,
} from '@savepoint/core/contracts/import-status.ts';
import * as v from 'valibot';
import { importIdOf } from '../support/ids.ts';

const importId = importIdOf('76561202255200001-20261120T101010000Z');
const now = new Date('2026-11-20T10:11:00Z');
/** As a version that knew nothing of columns stored it. */
const stored: StageStatus = {
  stage: 'igdb-enrichment',
  status: 'completed',
  run: 'run',
  attempts: 1,
  started_at: '2026-11-20T10:10:10.000Z',
  attempt_started_at: '2026-11-20T10:10:10.000Z',
  finished_at: '2026-11-20T10:10:11.000Z',
  next_attempt_at: null,
  progress: null,
  counts: { matched: 2 },
  s3_key: null,
  error: null,
};

test('the status tells how a dropped file was understood', () => {
  const columns = {
    understood: { appid: 'App ID', name: 'name', playtime_forever: 'Hours' },
    left_aside: ['Shelf', 'Notes'],
    unread: { playtime_forever: 3 },
  };
  const status = v.parse(Schema, { ...stored, columns });
  const view = viewImport(importId, { request: null, stages: { 'igdb-enrichment': status } }, now);
  expect(view.stages[1]).toMatchObject({ name: 'igdb-enrichment', columns });
  expect(tellOutcome(view, now).map(stripVTControlCharacters)).toEqual([
    'Columns understood: App ID as appid, Hours as playtime_forever.',
    'Columns left aside: Shelf, Notes.',
    'Values that cannot be read and count as not told: 3 of playtime_forever.',
  ]);
});

test('a status of before is read, and has nothing to tell', () => {
  const status = v.parse(Schema, stored);
  const view = viewImport(importId, { request: null, stages: { 'igdb-enrichment': status } }, now);
  expect(tellOutcome(view, now)).toEqual([]);
});
