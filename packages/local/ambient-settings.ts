import * as http from 'node:http';
import { devNull } from 'node:os';

/**
 * Settings that people have for other programs, and that libraries of ours would obey without being told. The programs
 * that run on one machine put them out of effect before anything connects.
 */

const localHosts = ['localhost', '127.0.0.1', '[::1]', '::1'];

/** Drops the variables that `pg` and fauxqs take for whatever they are not told, and keeps proxies from local hosts. */
export function ignoreAmbientSettings(env: NodeJS.ProcessEnv = process.env): void {
  for (const name of Object.keys(env).filter((key) => /^(PG[A-Z]+|FAUXQS_\w+)$/.test(key))) delete env[name];
  const usesProxy =
    env.NODE_USE_ENV_PROXY === '1' || /--use-env-proxy/.test(`${env.NODE_OPTIONS} ${process.execArgv}`);
  if (!usesProxy) return;
  const direct = [env.no_proxy || env.NO_PROXY, ...localHosts].filter(Boolean).join(',');
  Object.assign(env, { no_proxy: direct, NO_PROXY: direct });
  // Node read them when it started.
  (http as { setGlobalProxyFromEnv?: (env: NodeJS.ProcessEnv) => void }).setGlobalProxyFromEnv?.(env);
}

/**
 * Drops all that the AWS command line's variables and files say (profiles, endpoints, FIPS, retries), for programs
 * whose S3 and SQS are the embedded ones. AWS_REGION is a setting of ours.
 */
export function ignoreAwsSettings(env: NodeJS.ProcessEnv = process.env): void {
  for (const name of Object.keys(env).filter((key) => key.startsWith('AWS_') && key !== 'AWS_REGION'))
    delete env[name];
  Object.assign(env, { AWS_CONFIG_FILE: devNull, AWS_SHARED_CREDENTIALS_FILE: devNull });
}
