import { WaitedTooLong, within } from '@savepoint/adapters/within.ts';
import type { Configured, HealthCheck } from '@savepoint/core/contracts/answers/deep-health.ts';
import { toPipelineError } from '@savepoint/core/errors.ts';
import type { Context } from 'hono';
import { HttpProblem } from './problem.ts';
import { refuseQuery } from './query.ts';

export type DeepHealthPorts = {
  health: {
    /** Each asks something small of what it stands for, and rejects when that is away. */
    checks: Partial<Record<HealthCheck['name'], () => Promise<unknown>>>;
    /** Never rejects. */
    configured(): Promise<Configured>;
  };
};

/** Of each check; they run side by side. */
const patienceSeconds = 3;
const retryAfterSeconds = 10;

/** `GET /health/deep`: asks what the API stands on, and says what is configured; 503 names what is away. */
export async function showDeepHealth(context: Context, { health }: DeepHealthPorts): Promise<Response> {
  refuseQuery(context);
  const [configured, ...checks] = await Promise.all([
    health.configured(),
    ...Object.entries(health.checks).map(([name, check]) => run(name as HealthCheck['name'], check)),
  ]);
  const away = checks.filter(({ status }) => status === 'away');
  if (away.length === 0) return context.json({ status: 'ok', checks, configured });
  throw new HttpProblem(
    503,
    'DEPENDENCY_AWAY',
    `Away: ${away.map(({ name, code }) => `${name} (${code})`).join(', ')}.`,
    { 'retry-after': String(retryAfterSeconds) },
    { checks, configured },
  );
}

async function run(name: HealthCheck['name'], check: () => Promise<unknown>): Promise<HealthCheck> {
  const startedAt = performance.now();
  const code = await within(patienceSeconds, check()).then(
    () => null,
    (error) => (error instanceof WaitedTooLong ? 'NO_ANSWER' : toPipelineError(error).code),
  );
  return {
    name,
    status: code === null ? 'ok' : 'away',
    milliseconds: Math.round(performance.now() - startedAt),
    code,
  };
}
