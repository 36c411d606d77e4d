import type { ImportRecordStore } from '@savepoint/adapters/s3/import-records.ts';
import type { ImportId } from '@savepoint/core/contracts/import-id.ts';
import type { RetrySchedule, Stage } from '@savepoint/core/topology.ts';
import type { Attempt } from './attempt.ts';
import type { Env } from './env.ts';
import type { FailedMessages } from './failed-messages.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Notices } from './notice.ts';
import type { Stopwatch } from './stopwatch.ts';

/** One piece of work for a stage; `run` names what set it off (see StageRecord). */
export type Job = { importId: ImportId; run: string };
export type Answer = Readonly<Record<string, unknown>>;

/** What a stage sees of the invocation that it runs in. */
export type Run = {
  stopwatch: Stopwatch;
  remainingSeconds(): number;
  /** Tells how far each job is; looked at now and then only. */
  progress(view: () => { done: number; total: number }[]): void;
};

export type StageWork<StageJob extends Job> = {
  stage: Stage;
  /** The jobs that a queue message asks for; none for a message that asks nothing (`s3:TestEvent`). */
  jobsOfMessage(body: unknown): StageJob[];
  jobOfPayload(payload: unknown): StageJob;
  /** Does all jobs; one outcome each, in their order. */
  run(jobs: StageJob[], run: Run): Promise<PromiseSettledResult<Answer>[]>;
};

export type StageRuntime = {
  env: Env;
  log: Log;
  records: ImportRecordStore;
  failedMessages: FailedMessages;
  retrySchedule: RetrySchedule;
  metrics: Metrics;
  notices: Notices;
};

/** A job that was attempted. */
export type JobOutcome = { attempt: Attempt; result: PromiseSettledResult<Answer> };
