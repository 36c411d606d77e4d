import { setTimeout as delay } from 'node:timers/promises';
import { namesPeople } from '@savepoint/core/log-key.ts';
import { type FunctionName, secrets, secretsOf } from '@savepoint/core/secrets.ts';
import type { Context } from 'aws-lambda';
import { type Env, readEnv } from './env.ts';
import { lazy } from './lazy.ts';
import { createJsonLog, type Log, stackOf } from './log.ts';
import { withRequestId } from './request-id.ts';

export type LambdaHandler = (event: unknown, context?: Context) => Promise<unknown>;

/**
 * A Lambda entry point: the environment is read and the handler made at the first event, and again at the next
 * one if that failed, so that a broken start is reported with the event it cost and can heal.
 */
export function lambdaHandler(
  name: FunctionName,
  create: (env: Env, log: Log) => LambdaHandler,
): LambdaHandler {
  const handler = lazy(async () => {
    const needed = secretsOf(name).filter((secret) => secrets[secret].required);
    const env = readEnv(process.env, needed);
    let personKey: string | undefined;
    const log = createJsonLog(name, { ...env, personKey: () => personKey });
    const made = create(env, log);
    if (!env.logSteamIds && namesPeople(name)) personKey = await keptPersonKey(env, log);
    return made;
  });
  const answer = async (event: unknown, context?: Context) => {
    try {
      return await (await handler())(event, context);
    } catch (error) {
      // Lambda writes the stack into the log.
      if (error instanceof Error) error.stack = stackOf(error);
      throw error;
    }
  };
  return (event, context) => withRequestId(context?.awsRequestId, () => answer(event, context));
}

/** A log must not wait for S3 for long, nor fail with it: until the next start it names people in its own way. */
const keyPatienceMs = 2000;

async function keptPersonKey(env: Env, log: Log): Promise<string | undefined> {
  try {
    // Loaded here, because some functions have no use for S3.
    const [{ bucketOf }, { readLogKey }] = await Promise.all([
      import('./bucket.ts'),
      import('@savepoint/adapters/s3/log-key.ts'),
    ]);
    return await Promise.race([
      readLogKey(bucketOf(env)),
      delay(keyPatienceMs, undefined, { ref: false }).then(() =>
        Promise.reject(new Error('it took too long')),
      ),
    ]);
  } catch (error) {
    log.warn('people have other names in this log: its key could not be read', {
      reason: error instanceof Error ? error.message : String(error),
    });
    return undefined;
  }
}
