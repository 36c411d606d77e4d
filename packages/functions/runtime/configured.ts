import { within } from '@savepoint/adapters/within.ts';
import type { Configured } from '@savepoint/core/contracts/answers/deep-health.ts';
import { PipelineError } from '@savepoint/core/errors.ts';
import * as v from 'valibot';
import manifest from '../package.json' with { type: 'json' };
import { type Env, parseVariables } from './env.ts';

/** What a deployment, or a stack of one machine, says of itself; what the function cannot see is told. */
export type Told = Pick<Configured, 'igdb' | 'notices'> & { simulatesSteam: boolean };

const patienceSeconds = 3;

/** @returns never rejects. */
export const configuredAs =
  (env: Env, { simulatesSteam, igdb, notices }: Told) =>
  async (): Promise<Configured> => ({
    deployment: env.deployment,
    version: manifest.version,
    steam: simulatesSteam ? 'simulated' : await steamKeyOf(env),
    igdb,
    self_healing: env.selfHealing,
    notices,
  });

async function steamKeyOf(env: Env): Promise<Configured['steam']> {
  try {
    await within(patienceSeconds, env.secret('steamApiKey')());
    return 'key_set';
  } catch (error) {
    return error instanceof PipelineError && error.code === 'SECRET_EMPTY' ? 'key_missing' : 'key_unknown';
  }
}

/** The API sends no notices: the deployment tells it who gets them (`stacks/api.ts`), and not where they are. */
const receivers = v.pipe(
  v.string(),
  v.transform((words) => words.split(' ').filter((word) => word !== '')),
  v.array(v.picklist(['topic', 'webhook'], 'is none of topic, webhook')),
);

/** @throws ValidationError ENV_INVALID */
export function toldByDeployment(source: Readonly<Record<string, string | undefined>>): Told {
  const { NOTICES: notices } = parseVariables({ NOTICES: v.optional(receivers, '') }, source);
  return { simulatesSteam: false, igdb: 'real', notices };
}
