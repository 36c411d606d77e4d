import { toPipelineError } from '@savepoint/core/errors.ts';
import type { Stage } from '@savepoint/core/topology.ts';
import { type Attempt, countsOf } from './attempt.ts';
import { errorForLog, importIdForLog } from './log.ts';
import type { Answer, StageRuntime } from './stage-handler.ts';

/** The one line that every attempt of every stage leaves in the log, with the same fields everywhere. */
export function logOutcome(
  stage: Stage,
  { log, env }: Pick<StageRuntime, 'log' | 'env'>,
  attempt: Attempt,
  result: PromiseSettledResult<Answer>,
  parts: Readonly<Record<string, number>>,
): void {
  const fields = {
    import_id: importIdForLog(attempt.importId, env),
    stage: stage.name,
    attempt: attempt.number,
    duration_ms: Date.now() - attempt.startedAt.getTime(),
    parts_ms: parts,
  };
  if (result.status === 'fulfilled') {
    log.info(`${stage.name} completed`, { ...fields, outcome: 'completed', counts: countsOf(result.value) });
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
