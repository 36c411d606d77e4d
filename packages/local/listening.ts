import { parseArgs } from 'node:util';
import { ValidationError } from '@savepoint/core/errors.ts';
import type { LocalEnv } from './local-env.ts';

/** Where the HTTP API listens, and the names beside those of this machine under which it answers. S3, SQS and PostgreSQL stay on 127.0.0.1. */
export type Listening = { host: string; allowedHosts: readonly string[] };

export const onLoopback: Listening = { host: '127.0.0.1', allowedHosts: [] };

/**
 * `npm start -- --host 0.0.0.0 --allow-host pipeline.example`, as a container needs it.
 * @throws ValidationError ARGUMENTS_INVALID, API_TOKEN_NEEDED: an API that others can reach is open to nobody unasked
 */
export function readListening(words: readonly string[], env: Pick<LocalEnv, 'API_TOKEN'>): Listening {
  const { host, 'allow-host': allowedHosts = [] } = parse(words);
  if (host === undefined) {
    if (allowedHosts.length > 0)
      throw invalid(
        '--allow-host needs --host, such as --host 0.0.0.0: without it only this machine gets here',
      );
    return onLoopback;
  }
  if (env.API_TOKEN === undefined)
    throw new ValidationError(
      'API_TOKEN_NEEDED',
      '--host lets other machines reach the API: set API_TOKEN, which openssl rand -hex 32 makes.',
    );
  return { host, allowedHosts };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: { host: { type: 'string' }, 'allow-host': { type: 'string', multiple: true } },
    }).values;
  } catch (error) {
    throw invalid((error as Error).message.split('. ')[0]!);
  }
}

const invalid = (reason: string) =>
  new ValidationError(
    'ARGUMENTS_INVALID',
    `${reason}. npm start understands --host <address> and --allow-host <name>.`,
  );
