import { importIdOf } from './ids.ts';
import type { StageStatus } from '@savepoint/core/contracts/import-status.ts';
import type { StageName } from '@savepoint/core/topology.ts';

export const importId = importIdOf('76561197960287930-20261123T043000123Z');
/** ISO 8601, so many seconds after the request. */
export const at = (seconds: number) => new Date(Date.UTC(2026, 10, 23, 4, 30) + seconds * 1000).toISOString();

/** A status whose attempt began at second `start`. */
export const statusOf = (
  stage: StageName,
  status: StageStatus['status'],
  start = 0,
  more: Partial<StageStatus> = {},
): StageStatus => ({
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
export const enrichment = (status: StageStatus['status'], start = 0, more: Partial<StageStatus> = {}) =>
  statusOf('igdb-enrichment', status, start, more);
