import { toPipelineError } from '@savepoint/core/errors.ts';
import type { Stage } from '@savepoint/core/topology.ts';
import { type Attempt, countsOf } from './attempt.ts';
import { errorForLog } from './log.ts';
import { attemptMetrics } from './metrics.ts';
import type { Answer, StageRuntime } from './stage-work.ts';

/** The one line that every attempt of every stage leaves in the log, with the same fields everywhere; and its metrics. */
export function logOutcome(
  stage: Stage,
  { log, metrics }: Pick<StageRuntime, 'log' | 'metrics'>,
  attempt: Attempt,
  result: PromiseSettledResult<Answer>,
  parts: Readonly<Record<string, number>>,
): void {
  const counts = result.status === 'fulfilled' ? countsOf(result.value) : null;
  const durationMs = Date.now() - attempt.startedAt.getTime();
  metrics.put(stage.name, attemptMetrics(durationMs, counts));
  const fields = {
    import_id: attempt.importId,
    stage: stage.name,
    attempt: attempt.number,
    duration_ms: durationMs,
    parts_ms: parts,
  };
  if (result.status === 'fulfilled') {
    log.info(`${stage.name} completed`, { ...fields, outcome: 'completed', counts });
    return;
  }
  const error = toPipelineError(result.reason);
  const outcome = error.retryable ? 'retryable_failure' : 'permanent_failure';
  log[error.retryable ? 'warn' : 'error'](`${stage.name} failed`, {
    ...fields,
    outcome,
    ...errorForLog(error),
  });
}
