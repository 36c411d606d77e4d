import { inspect } from 'node:util';
import { PipelineError } from '@savepoint/core/errors.ts';

/** The PipelineError that `work` ends with; anything else fails the test. */
export async function failureOf(work: () => unknown): Promise<PipelineError> {
  let outcome: unknown;
  try {
    outcome = await work();
  } catch (error) {
    if (error instanceof PipelineError) return error;
    throw error;
  }
  throw new Error(`expected a failure, got ${inspect(outcome)}`);
}
