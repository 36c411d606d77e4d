import { setTimeout as delay } from 'node:timers/promises';
import { explainToOperator, PipelineError } from '@savepoint/core/errors.ts';
import { deadLetterQueueName, localDeployment } from '@savepoint/core/topology.ts';
import { ignoreAwsSettings } from './ambient-settings.ts';
import { explainDataDirError } from './data-dir.ts';
import { type LocalEnv, readLocalEnv } from './local-env.ts';
import { type LocalStack, startLocalStack } from './local-stack.ts';
import { outputEnded, outputEnds } from './output.ts';
import { removeStackFile, writeStackFile } from './stack-file.ts';
import { createTerminalLog } from './terminal-log.ts';

/** `npm start`: the pipeline on this machine until Ctrl-C. */

const graceMs = 20_000;
const print = (text: string) => process.stdout.write(`${text}\n`);

async function start(): Promise<void> {
  const outputLost = outputEnds();
  const env = readLocalEnv();
  if (env.AWS_ENDPOINT_URL === undefined) ignoreAwsSettings();
  const startedAt = performance.now();
  const stack = await startLocalStack({ env, log: createTerminalLog(env.LOG_LEVEL, print), durable: true });
  announce(stack, env);
  const ctrlC = interrupted();
  print(welcome(stack, env, (performance.now() - startedAt) / 1000));
  const lost = await Promise.race([ctrlC, outputLost]);
  if (lost)
    process.stderr.write(`${outputEnded(lost)} Savepoint stops; the data stays in ${env.DATA_DIR}.\n`);
  else
    print(
      '\nStopping: what is in hand is finished first. Ctrl-C again stops at once; nothing is lost either way.',
    );
  removeStackFile(env.DATA_DIR);
  // Steam or IGDB may keep a stage for minutes; its messages come back at the next start.
  await Promise.race([stack.close(), delay(graceMs)]);
  process.exit(lost && lost !== 'EPIPE' ? 1 : 0);
}

/** Tells other programs of this machine. @throws PipelineError DATA_DIR_UNUSABLE */
function announce(stack: LocalStack, env: LocalEnv): void {
  try {
    writeStackFile(env.DATA_DIR, {
      pid: process.pid,
      api_url: stack.apiUrl,
      aws_endpoint_url: stack.awsEndpointUrl,
      aws_is_embedded: env.AWS_ENDPOINT_URL === undefined,
      aws_region: stack.region,
      s3_bucket: stack.bucket,
      database_url: stack.databaseUrl,
    });
  } catch (error) {
    throw explainDataDirError(error, env.DATA_DIR);
  }
}

/** Resolves at the first Ctrl-C; a second one ends the process. */
const interrupted = () =>
  new Promise<void>((resolve) => {
    const stop = () => {
      process.on('SIGINT', () => process.exit(130));
      resolve();
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    // The terminal was closed.
    process.once('SIGHUP', stop);
  });

function welcome(stack: LocalStack, env: LocalEnv, seconds: number): string {
  const token = env.API_TOKEN === undefined ? '' : ` -H "authorization: Bearer $API_TOKEN"`;
  const deadLetters = deadLetterQueueName(localDeployment, 'steam-import');
  return `
Savepoint is ready (${seconds.toFixed(1)} s). Stop it with Ctrl-C; the data stays in ${env.DATA_DIR}.

  HTTP API     ${stack.apiUrl}
  S3 and SQS   ${stack.awsEndpointUrl} (bucket ${stack.bucket}, any credentials)
  PostgreSQL   ${shownDatabase(stack, env)}
  Steam, IGDB  ${describeApis(env)}

Try, in another terminal:

  curl -s ${stack.apiUrl}/imports${token} -H 'content-type: application/json' -d '{"steam_id": "${exampleId(env)}"}'
  aws s3 cp my-library.csv s3://${stack.bucket}/raw/steam-library-76561197960287930-2025-01-31.csv --endpoint-url ${stack.awsEndpointUrl}
  curl -s ${stack.apiUrl}/queues/steam-import/dead-letters${token}     # the queue ${deadLetters}
`;
}

/** The embedded one with its password, to connect to; of somebody's own database the password stays unsaid. */
function shownDatabase({ databaseUrl }: LocalStack, env: LocalEnv): string {
  if (env.DATABASE_URL === undefined) return databaseUrl;
  const { host, pathname } = new URL(databaseUrl);
  return `${host}${pathname} (from DATABASE_URL)`;
}

const exampleId = (env: LocalEnv) =>
  env.STEAM_API_KEY === undefined ? 'savepoint-sample' : 'https://steamcommunity.com/id/…';

function describeApis(env: LocalEnv): string {
  const simulated = [
    ...(env.STEAM_API_KEY === undefined ? ['Steam (set STEAM_API_KEY for the real one)'] : []),
    ...(env.IGDB_CLIENT_ID === undefined || env.IGDB_CLIENT_SECRET === undefined
      ? ['IGDB (set IGDB_CLIENT_ID and IGDB_CLIENT_SECRET for the real one)']
      : []),
  ];
  return simulated.length === 0 ? 'the real ones' : `simulated, with sample data: ${simulated.join(' and ')}`;
}

const explain = (error: unknown): string =>
  error instanceof PipelineError ? explainToOperator(error) : String(error);

try {
  await start();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}
