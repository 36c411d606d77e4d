import {
  type ImportRecords,
  mergeStageRecord,
  type StageRecord,
  viewImport,
} from '../../../packages/core/contracts/import-status.ts';
import type { StageName } from '../../../packages/core/topology.ts';

const importId = '76561197960287930-20261123T043000123Z';
const at = (seconds: number) => new Date(Date.UTC(2026, 10, 23, 4, 30) + seconds * 1000).toISOString();

/** A record whose attempt began at second `start`. */
const record = (
  stage: StageName,
  status: StageRecord['status'],
  start = 0,
  more: Partial<StageRecord> = {},
): StageRecord => ({
  stage,
  status,
  run: 'run-1',
  attempts: 1,
  started_at: at(start),
  attempt_started_at: at(start),
  finished_at: null,
  next_attempt_at: null,
  progress: null,
  counts: null,
  s3_key: null,
  error: null,
  ...more,
});
const enrichment = (status: StageRecord['status'], start = 0, more: Partial<StageRecord> = {}) =>
  record('igdb-enrichment', status, start, more);

describe('a report', () => {
  test('is stored where there is none, and replaces an earlier one of its attempt', () => {
    const running = enrichment('running');
    expect(mergeStageRecord(null, running)).toEqual(running);
    for (const status of ['running', 'retrying', 'completed', 'failed'] as const)
      expect(mergeStageRecord(running, enrichment(status))).toEqual(enrichment(status));
  });

  test('of a second delivery does not undo what was completed', () => {
    const completed = enrichment('completed', 0, { counts: { processed: 5 } });
    for (const status of ['running', 'retrying', 'failed'] as const)
      expect(mergeStageRecord(completed, enrichment(status, 90, { attempts: 2 }))).toEqual(completed);
  });

  test('of progress that comes after the end of its attempt changes nothing', () => {
    for (const status of ['retrying', 'failed', 'completed'] as const)
      expect(
        mergeStageRecord(enrichment(status), enrichment('running', 0, { progress: { done: 1, total: 2 } })),
      ).toEqual(enrichment(status));
  });

  test('of an earlier attempt does not hide a later one, unless the work is done', () => {
    const second = enrichment('running', 60, { attempts: 2, started_at: at(0) });
    for (const status of ['running', 'retrying', 'failed'] as const)
      expect(mergeStageRecord(second, enrichment(status, 0))).toEqual(second);
    expect(mergeStageRecord(second, enrichment('completed', 0)).status).toBe('completed');
  });

  test('of a later attempt, also after a redrive, keeps the time of the first', () => {
    for (const status of ['retrying', 'failed'] as const)
      expect(mergeStageRecord(enrichment(status), enrichment('running', 3600))).toMatchObject({
        status: 'running',
        started_at: at(0),
        attempt_started_at: at(3600),
      });
  });

  test('of another run counts if that run began later', () => {
    const first = enrichment('completed', 0);
    const again = enrichment('running', 60, { run: 'run-2' });
    expect(mergeStageRecord(first, again)).toEqual(again);
    expect(mergeStageRecord(again, enrichment('failed', 0))).toEqual(again);
  });

  test('that comes in any order leaves the same end', () => {
    const reports = [
      enrichment('running', 0),
      enrichment('retrying', 0),
      enrichment('running', 60, { attempts: 2 }),
      enrichment('running', 60, { attempts: 2, progress: { done: 1, total: 2 } }),
      enrichment('completed', 60, { attempts: 2, counts: { processed: 2 } }),
    ];
    for (let shift = 0; shift < reports.length; shift += 1) {
      const shuffled = [...reports.slice(shift), ...reports.slice(0, shift)];
      for (const order of [shuffled, shuffled.toReversed()]) {
        const stored = order.reduce<StageRecord | null>(mergeStageRecord, null);
        expect(stored).toMatchObject({ status: 'completed', counts: { processed: 2 } });
      }
    }
  });
});

const request = { steam_id: '76561197960287930', import_id: importId, requested_at: at(0) };
const view = (stages: readonly StageRecord[], nowSeconds = 5, requested = true) => {
  const records: ImportRecords = {
    request: requested ? request : null,
    stages: Object.fromEntries(stages.map((stage) => [stage.stage, stage])),
  };
  return viewImport(importId, records, new Date(at(nowSeconds)));
};
const statusesOf = ({ stages }: ReturnType<typeof view>) => stages.map(({ status }) => status);
const done = (stage: StageName, start: number, more: Partial<StageRecord> = {}) =>
  record(stage, 'completed', start, { finished_at: at(start + 1), ...more });

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
    const first = view([record('steam-import', 'running')]);
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
      max_attempts: 5,
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
    const failed = view([record('steam-import', 'failed', 0, { finished_at: at(1), error })]);
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
    const redriven = mergeStageRecord(failed, enrichment('running', 500));
    expect(view([done('steam-import', 0), redriven], 501).status).toBe('running');
    const loaded = view(
      [
        done('steam-import', 0),
        mergeStageRecord(redriven, done('igdb-enrichment', 500)),
        done('database-import', 510),
      ],
      520,
    );
    expect(loaded.status).toBe('completed');
  });

  test('whose function was killed is told apart from one that works', () => {
    const working = enrichment('running', 0, { attempts: 2 });
    expect(view([working], 959).stages[1]!.status).toBe('running');
    const abandoned = view([working], 960);
    expect(abandoned.status).toBe('running');
    expect(abandoned.stages[1]).toMatchObject({
      status: 'retrying',
      error: { code: 'STAGE_ABANDONED', retryable: true },
    });
    const last = view([enrichment('running', 0, { attempts: 5 })], 960);
    expect(last).toMatchObject({ status: 'failed' });
    expect(view([done('steam-import', 0)], 100_000).status).toBe('running');
  });

  test('shows what the contract names, and nothing of how it is kept', () => {
    expect(Object.keys(view([done('steam-import', 0, { s3_key: 'raw/x.csv' })]).stages[0]!).sort()).toEqual([
      'attempts',
      'counts',
      'error',
      'finished_at',
      'max_attempts',
      'name',
      'next_attempt_at',
      'progress',
      'started_at',
      'status',
    ]);
  });
});
