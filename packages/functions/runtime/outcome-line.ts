import { type PipelineError, UnfinishedWork } from '@savepoint/core/errors.ts';
import type { Stage } from '@savepoint/core/topology.ts';
import { countsOf } from './attempt.ts';
import type { Task } from './delivery.ts';
import { errorForLog, type LogFields } from './log.ts';
import { attemptMetrics } from './metrics.ts';
import type { StageRuntime } from './stage-runtime.ts';
import type { Job } from './stage-work.ts';

/**
 * The one line that every attempt of every stage leaves in the log, with the same fields everywhere; its metrics, and its trace.
 * @param parts how long the parts of the invocation took, in milliseconds.
 * @param settled what becomes of the message, where there is one.
 */
export function logTask<StageJob extends Job>(
  stage: Stage,
  { log, metrics, traces }: Pick<StageRuntime, 'log' | 'metrics' | 'traces'>,
  { attempt, outcome }: Task<StageJob>,
  parts: Readonly<Record<string, number>>,
  settled: LogFields = {},
): void {
  const isUnfinished = outcome.status === 'failed' && outcome.error instanceof UnfinishedWork;
  const counts = outcome.status === 'completed' ? countsOf(outcome.answer) : null;
  const durationMs = attempt.durationMs();
  metrics.put(stage.name, isUnfinished ? { duration_ms: durationMs } : attemptMetrics(durationMs, counts));
  traces.put({
    importId: attempt.importId,
    stage: stage.name,
    attempt: attempt.number,
    run: attempt.run,
    startedAt: attempt.startedAt,
    durationMs,
    outcome: isUnfinished ? 'unfinished' : outcome.status,
    errorCode: outcome.status === 'failed' && !isUnfinished ? outcome.error.code : null,
  });
  const fields = {
    import_id: attempt.importId,
    stage: stage.name,
    attempt: attempt.number,
    duration_ms: durationMs,
    parts_ms: parts,
  };
  if (isUnfinished) log.info(`${stage.name} goes on later`, { ...fields, outcome: 'unfinished', ...settled });
  else if (outcome.status === 'failed') logFailure(stage, log, outcome.error, { ...fields, ...settled });
  else log.info(`${stage.name} completed`, { ...fields, outcome: 'completed', counts });
}

/** The line of a failure: a warning while it may pass, else an error. */
export function logFailure(
  stage: Stage,
  log: StageRuntime['log'],
  error: PipelineError,
  fields: LogFields,
): void {
  const outcome = error.retryable ? 'retryable_failure' : 'permanent_failure';
  const level = error.retryable && fields.settled !== 'dead_letter' ? 'warn' : 'error';
  log[level](`${stage.name} failed`, { ...fields, outcome, ...errorForLog(error) });
}
