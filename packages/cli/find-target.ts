import { resolve } from 'node:path';
import { localDeployment } from '@savepoint/core/topology.ts';
import { firstToken } from '@savepoint/core/api-tokens.ts';
import { ignoreAwsSettings } from '@savepoint/local/ambient-settings.ts';
import { embeddedCredentials } from '@savepoint/local/embedded/credentials.ts';
import { prepareEnvironment } from '@savepoint/local/local-env.ts';
import { projectDirectory } from '@savepoint/local/project-directory.ts';
import { readStackFile, type StackFile } from '@savepoint/local/stack-file.ts';
import { findDeployment } from './find-deployment.ts';
import { CommandFailure, exitCodes } from './failure.ts';
import type { Target } from './target.ts';

/**
 * Finds what a command is about: the deployment that was named, else the local stack that runs here, else the
 * endpoint that the environment names. `.env` belongs to the local stack and is not read for a deployed one.
 * @throws CommandFailure saying what to start or set.
 */
export function findTarget(stage: string | undefined): Target {
  if (stage !== undefined) return findDeployment(stage, process.env);
  prepareEnvironment();
  const { env } = process;
  const dataDir = resolve(projectDirectory(), env.DATA_DIR || '.savepoint');
  const stack = readStackFile(dataDir);
  if (stack) return localTarget(stack, dataDir, env);
  if (env.AWS_ENDPOINT_URL) return environmentTarget(env.AWS_ENDPOINT_URL, env);
  throw new CommandFailure(
    exitCodes.unreachable,
    `No local stack runs on ${dataDir}: start one with npm start, set DATA_DIR to where one runs, or name a deployment with --stage.`,
  );
}

function localTarget(stack: StackFile, dataDir: string, env: NodeJS.ProcessEnv): Target {
  if (stack.aws_is_embedded) ignoreAwsSettings();
  else useAnyCredentials();
  return {
    name: 'the local stack',
    aws: {
      region: stack.aws_region,
      endpointUrl: stack.aws_endpoint_url || undefined,
      credentials: stack.aws_is_embedded ? embeddedCredentials : undefined,
    },
    awsIsEmbedded: stack.aws_is_embedded,
    dataDir,
    troubles: stack.troubles,
    bucketName: stack.s3_bucket,
    deployment: localDeployment,
    apiUrl: stack.api_url,
    apiToken: async () => firstToken(env.API_TOKEN),
    databaseUrl: async () => stack.database_url,
  };
}

function environmentTarget(endpointUrl: string, env: NodeJS.ProcessEnv): Target {
  useAnyCredentials();
  return {
    name: endpointUrl,
    aws: { region: env.AWS_REGION || 'us-east-1', endpointUrl },
    awsIsEmbedded: false,
    dataDir: null,
    troubles: [],
    bucketName: env.S3_BUCKET || localDeployment,
    deployment: env.DEPLOYMENT || localDeployment,
    apiUrl: env.API_URL || null,
    apiToken: async () => firstToken(env.API_TOKEN),
    databaseUrl: async () => {
      if (env.DATABASE_URL) return env.DATABASE_URL;
      throw new CommandFailure(exitCodes.usage, 'Set DATABASE_URL to the database that you mean.');
    },
  };
}

/** Endpoints on one machine check no credentials, but the SDK wants some. */
function useAnyCredentials(): void {
  process.env.AWS_ACCESS_KEY_ID ??= 'local';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'local';
}
