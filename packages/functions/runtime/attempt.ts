import { ColumnsReport } from '@savepoint/core/contracts/columns-report.ts';
import type { ImportId } from '@savepoint/core/contracts/import-id.ts';
import { type StageStatus, stageErrorOf, Warning } from '@savepoint/core/contracts/import-status.ts';
import { type PipelineError, toPipelineError } from '@savepoint/core/errors.ts';
import type { StatusReports } from '@savepoint/core/operations/import-status-store.ts';
import type { Stage } from '@savepoint/core/topology.ts';
import * as v from 'valibot';
import type { Log } from './log.ts';

/** A stage at work on one import, telling in its status how it goes. */
export type Attempt = {
  importId: ImportId;
  number: number;
  run: string;
  startedAt: Date;
  /** The work is over; what follows is the settling of its message. */
  end(): void;
  /** From the start to the end, or till now. */
  durationMs(): number;
  begin(): Promise<void>;
  progress(done: number, total: number): Promise<void>;
  complete(answer: Readonly<Record<string, unknown>>): Promise<void>;
  retry(error: PipelineError, nextAttemptAt: Date): Promise<void>;
  /** The work goes on in a later invocation. */
  pause(): Promise<void>;
  fail(error: PipelineError): Promise<void>;
};

/** Which attempt it is over all redrives, and which is the last (see QueueMessage). */
export type CountedAttempts = { attempts: number; maxAttempts: number };

export function createAttempt(
  stage: Stage,
  job: { importId: ImportId; run: string },
  { attempts, maxAttempts }: CountedAttempts,
  statuses: StatusReports,
  now: () => Date,
): Attempt {
  const startedAt = now();
  let endedAt: Date | undefined;
  const report = (change: Pick<StageStatus, 'status'> & Partial<StageStatus>) =>
    statuses.report(job.importId, {
      stage: stage.name,
      run: job.run,
      attempts,
      max_attempts: maxAttempts,
      started_at: startedAt.toISOString(),
      attempt_started_at: startedAt.toISOString(),
      finished_at: null,
      next_attempt_at: null,
      progress: null,
      counts: null,
      s3_key: null,
      error: null,
      ...(change.status !== 'running' && { attempt_finished_at: (endedAt ?? now()).toISOString() }),
      ...change,
    });
  return {
    importId: job.importId,
    number: attempts,
    run: job.run,
    startedAt,
    end: () => {
      endedAt = now();
    },
    durationMs: () => (endedAt ?? now()).getTime() - startedAt.getTime(),
    begin: () => report({ status: 'running' }),
    progress: (done, total) => report({ status: 'running', progress: { done, total } }),
    complete: (answer) =>
      report({
        status: 'completed',
        finished_at: now().toISOString(),
        counts: countsOf(answer),
        ...(v.is(ColumnsReport, answer.columns) && { columns: answer.columns }),
        s3_key: typeof answer.s3_key === 'string' ? answer.s3_key : null,
        warnings: warningsOf(answer),
        ...(typeof answer.stale === 'boolean' && { stale: answer.stale }),
      }),
    retry: (error, nextAttemptAt) =>
      report({
        status: 'retrying',
        next_attempt_at: nextAttemptAt.toISOString(),
        error: stageErrorOf(error),
      }),
    pause: () => report({ status: 'retrying', next_attempt_at: now().toISOString() }),
    fail: (error) =>
      report({ status: 'failed', finished_at: now().toISOString(), error: stageErrorOf(error) }),
  };
}

/** The numbers of a stage's answer. */
export const countsOf = (answer: Readonly<Record<string, unknown>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(answer).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );

const warningsOf = ({ warnings }: Readonly<Record<string, unknown>>): Warning[] => {
  const parsed = v.safeParse(v.array(Warning), warnings);
  return parsed.success ? parsed.output : [];
};

/** For what is nice to tell but must not stop the work. */
export async function bestEffort(log: Log, telling: Promise<unknown>): Promise<void> {
  await telling.catch((error) =>
    log.warn('could not store the status of an import', { reason: toPipelineError(error).message }),
  );
}
