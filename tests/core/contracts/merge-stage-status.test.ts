import { mergeStageStatus, type StageStatus } from '@savepoint/core/contracts/import-status.ts';
import { at, enrichment } from '../../support/stage-statuses.ts';

describe('a report', () => {
  test('is stored where there is none, and replaces an earlier one of its attempt', () => {
    const running = enrichment('running');
    expect(mergeStageStatus(null, running)).toEqual(running);
    for (const status of ['running', 'retrying', 'completed', 'failed'] as const)
      expect(mergeStageStatus(running, enrichment(status))).toEqual(enrichment(status));
  });

  test('of a second delivery does not undo what was completed', () => {
    const completed = enrichment('completed', 0, { counts: { processed: 5 } });
    for (const status of ['running', 'retrying', 'failed'] as const)
      expect(mergeStageStatus(completed, enrichment(status, 90, { attempts: 2 }))).toEqual(completed);
  });

  test('of progress that comes after the end of its attempt changes nothing', () => {
    for (const status of ['retrying', 'failed', 'completed'] as const)
      expect(
        mergeStageStatus(enrichment(status), enrichment('running', 0, { progress: { done: 1, total: 2 } })),
      ).toEqual(enrichment(status));
  });

  test('of an earlier attempt does not hide a later one, unless the work is done', () => {
    const second = enrichment('running', 60, { attempts: 2, started_at: at(0) });
    for (const status of ['running', 'retrying', 'failed'] as const)
      expect(mergeStageStatus(second, enrichment(status, 0))).toEqual(second);
    expect(mergeStageStatus(second, enrichment('completed', 0)).status).toBe('completed');
  });

  test('of a later attempt, also after a redrive, keeps the time of the first', () => {
    for (const status of ['retrying', 'failed'] as const)
      expect(mergeStageStatus(enrichment(status), enrichment('running', 3600))).toMatchObject({
        status: 'running',
        started_at: at(0),
        attempt_started_at: at(3600),
      });
  });

  test('of another run counts if that run began later', () => {
    const first = enrichment('completed', 0);
    const again = enrichment('running', 60, { run: 'run-2' });
    expect(mergeStageStatus(first, again)).toEqual(again);
    expect(mergeStageStatus(again, enrichment('failed', 0))).toEqual(again);
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
        const stored = order.reduce<StageStatus | null>(mergeStageStatus, null);
        expect(stored).toMatchObject({ status: 'completed', counts: { processed: 2 } });
      }
    }
  });
});

test('each attempt that ended is kept once, whatever order reports come in', () => {
  const ended = (at: number, status: 'retrying' | 'completed', attempts: number) =>
    enrichment(status, at, {
      attempts,
      attempt_finished_at: new Date(Date.UTC(2026, 0, 1, 1, 0, at)).toISOString(),
      error:
        status === 'retrying'
          ? { code: 'IGDB_UNAVAILABLE', message: '', operator_hint: null, retryable: true }
          : null,
    });
  const [first, second] = [ended(10, 'retrying', 1), ended(50, 'completed', 2)];
  const merged = [first, first, second].reduce<StageStatus | null>(mergeStageStatus, null)!;
  expect(merged.history).toEqual([
    expect.objectContaining({ attempt: 1, outcome: 'retrying', error_code: 'IGDB_UNAVAILABLE' }),
    expect.objectContaining({ attempt: 2, outcome: 'completed', error_code: null }),
  ]);
  const late = [second, first].reduce<StageStatus | null>(mergeStageStatus, null)!;
  expect([late.status, late.history?.map(({ attempt }) => attempt)]).toEqual(['completed', [1, 2]]);
  const many = Array.from({ length: 40 }, (_, index) => ended(index, 'retrying', index + 1));
  expect(many.reduce<StageStatus | null>(mergeStageStatus, null)!.history).toHaveLength(30);
});
