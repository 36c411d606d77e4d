import type { Bucket } from '@savepoint/adapters/s3/bucket.ts';
import { createStatusReports } from '@savepoint/adapters/s3/status-reports.ts';
import { type ImportId, parseImportId } from '@savepoint/core/contracts/import-id.ts';
import { isForgotten } from '@savepoint/core/operations/tombstones.ts';
import type { StatusReports } from '@savepoint/core/operations/import-status-store.ts';
import { localDeployment, type RetrySchedule } from '@savepoint/core/topology.ts';
import { bucketOf } from './bucket.ts';
import type { Env } from './env.ts';
import { lazyPort } from './lazy.ts';
import { createStageMessages, type StageMessages } from './stage-messages.ts';
import type { Log } from './log.ts';
import { createMetrics, type Metrics, noMetrics } from './metrics.ts';
import { createNotices, type Notices } from './notice.ts';
import { createTraces, type Traces } from './traces.ts';

/** What every stage works with. */
export type StageRuntime = {
  log: Log;
  statuses: StatusReports;
  messages: StageMessages;
  retrySchedule: RetrySchedule;
  metrics: Metrics;
  notices: Notices;
  traces: Traces;
  /** Whether the import's person was forgotten since it was asked for. @throws StorageError */
  isForgotten(importId: ImportId): Promise<boolean>;
};

/** @param options.metrics where they go in place of the function's log. */
export function createStageRuntime(
  env: Env,
  log: Log,
  options: { metrics?: Metrics | undefined } = {},
): StageRuntime & { bucket: Bucket } {
  const bucket = bucketOf(env);
  // Loaded while the first message is read: what is needed before that is enough to wait for.
  const tombstones = lazyPort(
    async () => (await import('@savepoint/adapters/s3/tombstones.ts')).createTombstones(bucket),
    ['forgottenAt'],
  );
  return {
    log,
    bucket,
    statuses: createStatusReports(bucket),
    messages: createStageMessages(env),
    retrySchedule: env.retrySchedule,
    metrics:
      options.metrics ??
      (env.deployment === localDeployment
        ? noMetrics
        : createMetrics(env.deployment, (line) => process.stdout.write(line))),
    traces: createTraces(env.traceCollector, { deployment: env.deployment, bucket, log }),
    isForgotten: (importId) => isForgotten(parseImportId(importId), tombstones),
    notices: createNotices(env.noticeReceivers, { aws: env.aws, log, apiUrl: env.apiUrl }),
  };
}
