import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { secretsManagerSecret } from '@savepoint/adapters/secrets/secret.ts';
import { type SecretName, secretId } from '@savepoint/core/secrets.ts';
import { deploymentName } from '@savepoint/core/deployment/name-limits.ts';
import { regionOf } from '@savepoint/core/deployment/preconditions.ts';
import { firstToken } from '@savepoint/core/api-tokens.ts';
import { projectDirectory } from '@savepoint/local/project-directory.ts';
import { readEnvFile } from '@savepoint/local/env-file.ts';
import * as v from 'valibot';
import { CommandFailure, exitCodes } from './failure.ts';
import type { Target } from './target.ts';

/** What `sst deploy` leaves in the directory, of what was deployed from it last. */
const Outputs = v.object({
  api: v.string(),
  bucket: v.string(),
  deadLetterQueues: v.array(v.string()),
  migrate: v.string(),
});
type Outputs = v.InferOutput<typeof Outputs>;

const outputsPath = '.sst/outputs.json';

/** Where a deployment is, for what needs neither its bucket nor its API. */
export type DeploymentPlace = { stage: string; deployment: string; aws: Target['aws'] };

/** @throws CommandFailure when no deployment is named, or its region is not known */
export function findPlace(stage: string | undefined, env: NodeJS.ProcessEnv): DeploymentPlace {
  if (stage === undefined)
    throw new CommandFailure(exitCodes.usage, 'Name the deployment with --stage <name>.');
  const deployment = deploymentName(stage);
  const region = regionHere(stage, env) ?? regionIn(readOutputs(deployment)?.deadLetterQueues[0]);
  if (!region) throw new CommandFailure(exitCodes.usage, 'Set AWS_REGION to where it is deployed.');
  return { stage, deployment, aws: { region, endpointUrl: env.AWS_ENDPOINT_URL || undefined } };
}

/**
 * What SST deployed under a name (`--stage`): found by SST's outputs where they are of that deployment, else by its
 * names and the environment. Uses the operator's own AWS credentials.
 * @throws CommandFailure naming what to set.
 */
export function findDeployment(name: string, env: NodeJS.ProcessEnv): Target {
  const deployment = deploymentName(name);
  const outputs = readOutputs(deployment);
  const region = regionHere(name, env) ?? regionIn(outputs?.deadLetterQueues[0]);
  const bucket = outputs?.bucket ?? env.S3_BUCKET;
  const missing = [...(region ? [] : ['AWS_REGION']), ...(bucket ? [] : ['S3_BUCKET'])];
  if (!region || !bucket)
    throw new CommandFailure(
      exitCodes.usage,
      `${outputsPath} says nothing of the deployment ${name}: set ${missing.join(' and ')}${outputs ? '' : ' (and API_URL)'}, or deploy it from here.`,
    );
  const aws = { region, endpointUrl: env.AWS_ENDPOINT_URL || undefined };
  return {
    name: `the deployment ${name}`,
    aws,
    awsIsEmbedded: false,
    dataDir: null,
    troubles: [],
    bucketName: bucket,
    deployment,
    apiUrl: outputs?.api ?? env.API_URL ?? null,
    apiToken: async () => firstToken(env.API_TOKEN) ?? firstToken(await readSecret(name, 'apiToken', aws)),
    databaseUrl: () => readSecret(name, 'databaseUrl', aws),
  };
}

const readSecret = (deploymentName: string, secret: SecretName, aws: Target['aws']): Promise<string> =>
  secretsManagerSecret(secretId(deploymentName, secret), aws)();

/** Of the shell, or of the file that SST reads for this deployment; `.env` belongs to the local stack. */
const regionHere = (stage: string, env: NodeJS.ProcessEnv): string | undefined =>
  regionOf(env) ?? regionOf(readEnvFile(`.env.${stage}`));

const regionIn = (queueUrl: string | undefined): string | undefined =>
  /^https:\/\/sqs\.([a-z0-9-]+)\./.exec(queueUrl ?? '')?.[1];

/** Null when nothing, or something else, was deployed from here last. */
function readOutputs(deployment: string): Outputs | null {
  try {
    const parsed = v.safeParse(
      Outputs,
      JSON.parse(readFileSync(join(projectDirectory(), outputsPath), 'utf8')),
    );
    return parsed.success && parsed.output.migrate === `${deployment}-migrate` ? parsed.output : null;
  } catch {
    return null;
  }
}
