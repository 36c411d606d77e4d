import { readFileSync } from 'node:fs';
import { secretsManagerSecret } from '@savepoint/adapters/secrets/secret.ts';
import { project, secretId } from '@savepoint/core/topology.ts';
import * as v from 'valibot';
import { CommandFailure, exitCodes } from './failure.ts';
import type { Target } from './target.ts';

/** What `sst deploy` leaves in the directory, of the stage that was deployed from it last. */
const Outputs = v.object({
  api: v.string(),
  bucket: v.string(),
  deadLetterQueues: v.array(v.string()),
  migrate: v.string(),
});
type Outputs = v.InferOutput<typeof Outputs>;

const outputsPath = '.sst/outputs.json';

/**
 * A stage that SST deployed: found by SST's outputs where they are of that stage, else by the stage's names and the
 * environment. Uses the operator's own AWS credentials.
 * @throws CommandFailure naming what to set.
 */
export function findDeployedStage(stage: string, env: NodeJS.ProcessEnv): Target {
  const deployment = `${project}-${stage}`;
  const outputs = readOutputs(deployment);
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || regionOf(outputs?.deadLetterQueues[0]);
  const bucket = outputs?.bucket ?? env.S3_BUCKET;
  const missing = [...(region ? [] : ['AWS_REGION']), ...(bucket ? [] : ['S3_BUCKET'])];
  if (!region || !bucket)
    throw new CommandFailure(
      exitCodes.usage,
      `${outputsPath} does not tell of the stage ${stage}: set ${missing.join(' and ')}${outputs ? '' : ' (and API_URL)'}, or deploy the stage from here.`,
    );
  const aws = { region, endpointUrl: env.AWS_ENDPOINT_URL || undefined };
  return {
    name: `the stage ${stage}`,
    aws,
    bucket,
    deployment,
    apiUrl: outputs?.api ?? env.API_URL ?? null,
    apiToken: async () => env.API_TOKEN || firstToken(await readSecret(stage, 'apiToken', aws)),
    databaseUrl: () => readSecret(stage, 'databaseUrl', aws),
  };
}

const readSecret = (stage: string, name: 'apiToken' | 'databaseUrl', aws: Target['aws']): Promise<string> =>
  secretsManagerSecret(secretId(stage, name), aws)();

/** The secret may hold several while one is being replaced. */
const firstToken = (secret: string): string => secret.split(/[,\n]/)[0]!.trim();

const regionOf = (queueUrl: string | undefined): string | undefined =>
  /^https:\/\/sqs\.([a-z0-9-]+)\./.exec(queueUrl ?? '')?.[1];

/** Null when nothing, or another stage, was deployed from here last. */
function readOutputs(deployment: string): Outputs | null {
  try {
    const parsed = v.safeParse(Outputs, JSON.parse(readFileSync(outputsPath, 'utf8')));
    return parsed.success && parsed.output.migrate === `${deployment}-migrate` ? parsed.output : null;
  } catch {
    return null;
  }
}
