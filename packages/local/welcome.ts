import { relative } from 'node:path';
import { simulatedApis } from './simulated-apis.ts';
import type { LocalEnv } from './local-env.ts';
import type { LocalStack } from './local-stack.ts';

/** A file that somebody might drop; the person is nobody's, the games are real ones. */
const sampleFile = 'samples/steam-library-76561202255200007-2025-01-31.csv';

/** What `npm start` prints once everything runs. Every command works as it stands, in the repository. */
export function welcome(stack: LocalStack, env: LocalEnv, seconds: number): string {
  const { apiUrl, awsEndpointUrl, bucket, takenAwsPort } = stack;
  const token = env.API_TOKEN === undefined ? '' : ` -H "authorization: Bearer $API_TOKEN"`;
  const person = simulatedApis(env).steam ? 'savepoint-sample' : '<profile>';
  const moved =
    takenAwsPort === undefined ? '' : `\n               (port ${takenAwsPort}, where they were, is taken)`;
  return `
Savepoint is ready (${seconds.toFixed(1)} s). Stop it with Ctrl-C; its data stays.

  Console      ${apiUrl}/console/
  HTTP API     ${apiUrl}
  S3 and SQS   ${awsEndpointUrl} (bucket ${bucket})${moved}
  PostgreSQL   ${shownDatabase(stack, env)}
  Steam, IGDB  ${describeApis(env)}
  Data         ${shownDirectory(env.DATA_DIR)}

Try, in another terminal:

  npx savepoint import ${person} --wait
  npx savepoint status

With curl, and with the AWS command line, if you have it:

  curl -s ${apiUrl}/imports${token} -H 'content-type: application/json' -d '{"steam_id": "${person}"}'
  npx savepoint aws s3 cp ${sampleFile} s3://${bucket}/raw/
  npx savepoint aws sqs list-queues
  curl -s ${apiUrl}/queues/steam-import/dead-letters${token}
`;
}

/** As somebody in the repository would type it. */
function shownDirectory(dataDir: string): string {
  const below = relative(process.cwd(), dataDir);
  return below.startsWith('..') ? dataDir : below || '.';
}

/** The embedded one with its password, to connect to; of somebody's own database the password stays unsaid. */
function shownDatabase({ databaseUrl }: LocalStack, env: LocalEnv): string {
  if (env.DATABASE_URL === undefined) return databaseUrl;
  const { host, pathname } = new URL(databaseUrl);
  return `${host}${pathname} (from DATABASE_URL)`;
}

function describeApis(env: LocalEnv): string {
  const { steam, igdb } = simulatedApis(env);
  if (!steam && !igdb) return 'the real ones';
  const igdbKeys = 'IGDB_CLIENT_ID and IGDB_CLIENT_SECRET';
  if (!steam) return `Steam is the real one; IGDB is simulated until ${igdbKeys} are set`;
  if (!igdb) return 'IGDB is the real one; Steam is simulated until STEAM_API_KEY is set';
  return 'simulated, until keys are set in .env (see .env.example)';
}
