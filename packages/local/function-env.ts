import { type Env, readEnv } from '@savepoint/functions/runtime/env.ts';
import type { RetrySchedule } from '@savepoint/core/topology.ts';
import { embeddedCredentials } from './embedded/credentials.ts';
import type { LocalEnv } from './local-env.ts';

/** What the environment of this machine's functions is made of; it can be sent to another thread. */
export type FunctionSettings = {
  env: LocalEnv;
  awsEndpointUrl: string;
  databaseUrl: string;
  /** Default: the topology's for one machine. */
  retrySchedule?: RetrySchedule;
};

/** Other endpoints on one machine mostly check no credentials, but the SDK wants some. */
export function createFunctionEnv({
  env,
  awsEndpointUrl,
  databaseUrl,
  retrySchedule,
}: FunctionSettings): Env {
  const { PORT: _port, AWS_PORT: _awsPort, DATA_DIR: _dataDir, ...rest } = env;
  const told = readEnv({ ...rest, AWS_ENDPOINT_URL: awsEndpointUrl, DATABASE_URL: databaseUrl }, [
    'steamApiKey',
    'igdbCredentials',
    'databaseUrl',
  ]);
  const functionEnv = { ...told, ...(retrySchedule && { retrySchedule }) };
  if (env.AWS_ENDPOINT_URL === undefined)
    return { ...functionEnv, aws: { ...functionEnv.aws, credentials: embeddedCredentials } };
  process.env.AWS_ACCESS_KEY_ID ??= 'local';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'local';
  return functionEnv;
}
