import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogFile } from '@savepoint/local/log-file.ts';
import type { LocalStackOptions } from '@savepoint/local/local-stack.ts';
import { writeStackFile } from '@savepoint/local/stack-file.ts';
import { type Answer, readSavepoint, runSavepoint } from '../cli/run-savepoint.ts';
import { type Program, runProgram } from './program.ts';
import { startTestStack, type TestStack } from './stack.ts';

/** A stack that `savepoint` finds, as it finds the one that `npm start` runs. */
export type OperatedStack = TestStack & {
  /** Runs `savepoint` for a person; an object among the words holds further variables. */
  run(...args: (string | Record<string, string>)[]): Promise<Answer>;
  /** Runs it and does not wait. */
  start(...args: string[]): Program;
  /** What `savepoint … --json` prints. */
  read<Value>(...args: string[]): Promise<Value>;
};

export async function startOperatedStack(
  variables: Record<string, string> = {},
  options: Partial<LocalStackOptions> = {},
): Promise<OperatedStack> {
  const dataDir = mkdtempSync(join(tmpdir(), 'savepoint-test-'));
  const stack = await startTestStack(variables, { log: createLogFile(dataDir, 'INFO'), ...options });
  writeStackFile(dataDir, {
    pid: process.pid,
    api_url: stack.apiUrl,
    aws_endpoint_url: stack.awsEndpointUrl,
    aws_region: stack.region,
    s3_bucket: stack.bucket,
    database_url: stack.databaseUrl,
  });
  const environment = { DATA_DIR: dataDir };
  return {
    ...stack,
    run: (...args) =>
      runSavepoint(
        args.filter((arg) => typeof arg === 'string'),
        Object.assign({}, environment, ...args.filter((arg) => typeof arg !== 'string')),
      ),
    start: (...args) => runProgram('packages/cli/savepoint.js', args, environment),
    read: (...args) => readSavepoint(args, environment),
    close: async () => {
      await stack.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Retries come as soon as SQS allows. */
export const impatient = { retrySchedule: { baseSeconds: 1, maxSeconds: 1 } };
