import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { HandlerBundle } from './bundle-handler.ts';

/**
 * Loads a bundle in a Node process of its own, with nothing else to import from.
 * @returns milliseconds from the start of the process until its handler could be called.
 */
export async function startBundle(bundle: Pick<HandlerBundle, 'directory'>): Promise<number> {
  const script = `
    const { performance } = await import('node:perf_hooks');
    const { handler } = await import(process.argv[1]);
    if (typeof handler !== 'function') throw new Error('no handler');
    console.log(performance.now());
    process.exit(0);`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', script, join(bundle.directory, 'bundle.mjs')],
    { cwd: bundle.directory, env: lambdaEnvironment },
  );
  return Number(stdout.trim().split('\n').at(-1));
}

/** What every function finds in its environment in the cloud, and nothing of this machine's. */
export const lambdaEnvironment: Record<string, string> = {
  AWS_REGION: 'eu-central-1',
  AWS_LAMBDA_FUNCTION_NAME: 'savepoint-test',
  DEPLOYMENT: 'savepoint-test',
  S3_BUCKET: 'savepoint-test',
  LOG_LEVEL: 'INFO',
  STEAM_API_KEY_SECRET: 'savepoint/test/steam-api-key',
  IGDB_CREDENTIALS_SECRET: 'savepoint/test/igdb-credentials',
  DATABASE_URL_SECRET: 'savepoint/test/database-url',
  API_TOKEN_SECRET: 'savepoint/test/api-token',
};
