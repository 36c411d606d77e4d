import { tellSlowSteps } from '@savepoint/local/slow-steps.ts';

/**
 * Says what is being waited for, once it has taken a second.
 * @param what as in “Waiting for the dead letters …”
 */
export async function waitFor<Value>(what: string, value: Promise<Value>): Promise<Value> {
  const steps = tellSlowSteps();
  steps.begin(what);
  return value.finally(steps.end);
}
