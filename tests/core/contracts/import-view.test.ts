import * as v from 'valibot';
import { steamIdOf } from '../../support/ids.ts';
import { type StoredStatus, mergeStageStatus, StageStatus } from '@savepoint/core/contracts/import-status.ts';
import { viewImport } from '@savepoint/core/contracts/import-view.ts';
import { maxReceiveCount, type StageName } from '@savepoint/core/topology.ts';
import { at, enrichment, importId, statusOf } from '../../support/stage-statuses.ts';

const request = { steam_id: steamIdOf('76561197960287930'), import_id: importId, requested_at: at(0) };
const view = (stages: readonly StageStatus[], nowSeconds = 5, requested = true) => {
  const stored: StoredStatus = {
    request: requested ? request : null,
    stages: Object.fromEntries(stages.map((stage) => [stage.stage, stage])),
  };
  return viewImport(importId, stored, new Date(at(nowSeconds)));
};
const statusesOf = ({ stages }: ReturnType<typeof view>) => stages.map(({ status }) => status);
const done = (stage: StageName, start: number, more: Partial<StageStatus> = {}) =>
  statusOf(stage, 'completed', start, { finished_at: at(start + 1), ...more });

describe('an import', () => {
  test('is queued until a stage begins', () => {
    const queued = view([]);
    expect(queued).toMatchObject({
      import_id: importId,
      steam_id: '76561197960287930',
      status: 'queued',
      requested_at: at(0),
      result: null,
    });
    expect(statusesOf(queued)).toEqual(['queued', 'queued', 'queued']);
  });

  test('runs from stage to stage', () => {
    const first = view([statusOf('steam-import', 'running')]);
    expect([first.status, ...statusesOf(first)]).toEqual(['running', 'running', 'queued', 'queued']);
    const between = view([done('steam-import', 0)]);
    expect([between.status, ...statusesOf(between)]).toEqual(['running', 'completed', 'queued', 'queued']);
    const second = view([
      done('steam-import', 0),
      enrichment('running', 2, { progress: { done: 3, total: 9 } }),
    ]);
    expect([second.status, ...statusesOf(second)]).toEqual(['running', 'completed', 'running', 'queued']);
    expect(second.stages[1]!.progress).toEqual({ done: 3, total: 9 });
  });

  test('is completed with the counts of the last stage', () => {
    const completed = view([
      done('steam-import', 0, { counts: { game_count: 9 } }),
      done('igdb-enrichment', 1, { counts: { processed: 9 } }),
      done('database-import', 2, { counts: { imported_count: 8, skipped_count: 1 } }),
    ]);
    expect(completed).toMatchObject({ status: 'completed', result: { imported_count: 8, skipped_count: 1 } });
    expect(completed.stages.map(({ counts }) => counts)).toEqual([
      { game_count: 9 },
      { processed: 9 },
      { imported_count: 8, skipped_count: 1 },
    ]);
  });

  test('that waits for its next attempt runs, and says when, why and which of how many', () => {
    const error = {
      code: 'IGDB_UNAVAILABLE',
      message: 'IGDB is down.',
      operator_hint: null,
      retryable: true,
    };
    const retrying = view([
      done('steam-import', 0),
      enrichment('retrying', 2, { attempts: 2, next_attempt_at: at(60), error }),
    ]);
    expect(retrying.status).toBe('running');
    expect(retrying.stages[1]).toMatchObject({
      status: 'retrying',
      attempts: 2,
      max_attempts: maxReceiveCount,
      next_attempt_at: at(60),
      error,
    });
  });

  test('fails with its stage', () => {
    const error = {
      code: 'STEAM_GAME_DETAILS_PRIVATE',
      message: 'Private.',
      operator_hint: null,
      retryable: false,
    };
    const failed = view([statusOf('steam-import', 'failed', 0, { finished_at: at(1), error })]);
    expect(failed).toMatchObject({ status: 'failed', result: null });
    expect(failed.stages[0]).toMatchObject({ status: 'failed', error });
  });

  test('that began with a dropped file has skipped what comes before', () => {
    const raw = view([enrichment('running')], 5, false);
    expect([raw.requested_at, ...statusesOf(raw)]).toEqual([null, 'skipped', 'running', 'queued']);
    const enriched = view([done('database-import', 0)], 5, false);
    expect([enriched.status, ...statusesOf(enriched)]).toEqual([
      'completed',
      'skipped',
      'skipped',
      'completed',
    ]);
  });

  test('whose raw file is dropped again runs again from there', () => {
    const before = [done('steam-import', 0), done('igdb-enrichment', 10), done('database-import', 20)];
    const again = view([before[0]!, enrichment('running', 100, { run: 'run-2' }), before[2]!], 105);
    expect([again.status, again.result, ...statusesOf(again)]).toEqual([
      'running',
      null,
      'completed',
      'running',
      'queued',
    ]);
    const loaded = view([before[0]!, done('igdb-enrichment', 100), done('database-import', 110)], 120);
    expect(loaded.status).toBe('completed');
  });

  test('that failed and is redriven runs, and its later success is told', () => {
    const failed = enrichment('failed', 2);
    const redriven = mergeStageStatus(failed, enrichment('running', 500));
    expect(view([done('steam-import', 0), redriven], 501).status).toBe('running');
    const loaded = view(
      [
        done('steam-import', 0),
        mergeStageStatus(redriven, done('igdb-enrichment', 500)),
        done('database-import', 510),
      ],
      520,
    );
    expect(loaded.status).toBe('completed');
  });

  test('tells the warnings of all its stages and whether it was stale, and reads records of before without them', () => {
    const warning = (code: string) => ({ code, message: `${code}.` });
    const load = { counts: { imported_count: 2 }, stale: true, warnings: [warning('PLAYTIME_HIDDEN')] };
    const stages = [done('steam-import', 0, { warnings: [warning('FIRST')] }), done('igdb-enrichment', 2)];
    expect(view([...stages, done('database-import', 4, load)])).toMatchObject({
      result: { imported_count: 2, stale: true },
      warnings: [warning('FIRST'), warning('PLAYTIME_HIDDEN')],
    });
    const before = v.parse(StageStatus, done('database-import', 4, { counts: { imported_count: 2 } }));
    expect(view([done('igdb-enrichment', 2), before])).toMatchObject({
      result: { imported_count: 2 },
      warnings: [],
    });
  });

  test('whose function was killed is told apart from one that works', () => {
    const working = enrichment('running', 0, { attempts: 2 });
    expect(view([working], 359).stages[1]!.status).toBe('running');
    const abandoned = view([working], 360);
    expect(abandoned.status).toBe('running');
    expect(abandoned.stages[1]).toMatchObject({
      status: 'retrying',
      error: { code: 'STAGE_ABANDONED', retryable: true },
    });
    const last = view([enrichment('running', 0, { attempts: maxReceiveCount })], 360);
    expect(last).toMatchObject({ status: 'failed' });
    const redriven = { attempts: maxReceiveCount + 1, max_attempts: 2 * maxReceiveCount };
    expect(view([enrichment('running', 0, redriven)], 360).stages[1]).toMatchObject({
      status: 'retrying',
      ...redriven,
    });
    expect(view([done('steam-import', 0)], 100_000).status).toBe('running');
  });

  test('shows what the contract names, and nothing of how it is kept', () => {
    expect(Object.keys(view([done('steam-import', 0, { s3_key: 'raw/x.csv' })]).stages[0]!).sort()).toEqual([
      'attempts',
      'counts',
      'error',
      'finished_at',
      'history',
      'max_attempts',
      'name',
      'next_attempt_at',
      'progress',
      'started_at',
      'status',
    ]);
  });

  test('names the files that were written, and the rejects of the file that has some', () => {
    const raw = `raw/steam-library-${importId}.csv`;
    const enriched = `enriched/steam-library-${importId}-enriched.csv`;
    expect(view([]).files).toEqual({ raw: null, enriched: null, rejects: null });
    expect(view([done('steam-import', 0)]).files).toEqual({ raw, enriched: null, rejects: null });
    const bad = done('igdb-enrichment', 1, { counts: { rejected: 2 } });
    expect(view([done('steam-import', 0), bad]).files).toEqual({
      raw,
      enriched,
      rejects: `rejects/steam-library-${importId}.csv`,
    });
    // Dropped behind the first stages.
    expect(view([done('database-import', 0)]).files).toEqual({ raw: null, enriched, rejects: null });
  });
});
