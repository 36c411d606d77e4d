import { setTimeout as delay } from 'node:timers/promises';
import { explainToOperator, PipelineError } from '@savepoint/core/errors.ts';
import { ignoreAwsSettings } from './ambient-settings.ts';
import { explainDataDirError } from './data-dir.ts';
import { type LocalEnv, readLocalEnv } from './local-env.ts';
import { readListening } from './listening.ts';
import { type LocalStack, startLocalStack } from './local-stack.ts';
import { bothLogs, createLogFile } from './log-file.ts';
import { outputEnded, outputEnds } from './output.ts';
import { removeStackFile, writeStackFile } from './stack-file.ts';
import { possibleTroubles } from './trouble.ts';
import { watchTrouble } from './watch-trouble.ts';
import { tellSlowSteps } from './slow-steps.ts';
import { createTerminalLog } from './terminal-log.ts';
import { welcome } from './welcome.ts';

/** `npm start`: the pipeline on this machine until Ctrl-C. */

const graceMs = 20_000;
const print = (text: string) => process.stdout.write(`${text}\n`);

async function start(): Promise<void> {
  const outputLost = outputEnds();
  const env = readLocalEnv();
  const listening = readListening(process.argv.slice(2), env);
  if (env.AWS_ENDPOINT_URL === undefined) ignoreAwsSettings();
  const startedAt = performance.now();
  const steps = tellSlowSteps();
  const stack = await startLocalStack({
    env,
    log: bothLogs(createTerminalLog(env.LOG_LEVEL, print), createLogFile(env.DATA_DIR, env.LOG_LEVEL)),
    durable: true,
    listening,
    onStep: steps.begin,
  }).finally(steps.end);
  const trouble = watchTrouble(env, stack, print);
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
  await trouble.close();
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
      troubles: possibleTroubles(env),
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

const explain = (error: unknown): string =>
  error instanceof PipelineError ? explainToOperator(error) : String(error);

try {
  await start();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}
