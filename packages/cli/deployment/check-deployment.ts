import { accountFaults, deploymentFaults, regionOf } from '@savepoint/core/deployment/preconditions.ts';
import { deploymentName } from '@savepoint/core/deployment/name-limits.ts';
import { readSettings } from '@savepoint/core/deployment/settings.ts';
import { explainToOperator, PipelineError } from '@savepoint/core/errors.ts';
import { secrets } from '@savepoint/core/secrets.ts';
import type { DeploymentPlace } from '../find-deployment.ts';
import { type CheckedSecret, checkSecrets } from './check-secrets.ts';

export type Check = {
  what: string;
  state: 'ok' | 'warning' | 'fault' | 'open';
  /** A sentence, or the fact that was found. */
  says: string;
};
/** @param next the command that brings the deployment further. */
export type CheckedDeployment = { checks: Check[]; next: string };

/**
 * Looks at everything that a first deployment stumbles over, in the order in which it matters, and stops where the rest
 * cannot be told yet. Changes nothing.
 */
export async function checkDeployment(stage: string, env: NodeJS.ProcessEnv): Promise<CheckedDeployment> {
  const savepoint = (words: string) => `npx savepoint ${words} --stage ${stage}`;
  const again = savepoint('deploy:check');
  const region = regionOf(env);
  const settings = deploymentFaults(stage, env).map(fault('settings'));
  if (settings.length === 0) settings.push(ok('settings', `${deploymentName(stage)}, ${region}`));
  const account = await checkAccount(region ?? 'us-east-1', env);
  const begun = [...settings, account];
  if (account.state === 'fault') return { checks: begun, next: `aws sts get-caller-identity && ${again}` };
  if (hasFault(begun)) return { checks: begun, next: `\${EDITOR:-vi} .env.${stage} && ${again}` };

  const place = {
    stage,
    deployment: deploymentName(stage),
    aws: { region: region!, endpointUrl: undefined },
  };
  const { functionExists } = await import('@savepoint/adapters/lambda/invoke-function.ts');
  const [found, isDeployed] = await Promise.all([
    checkSecrets(place),
    functionExists(`${place.deployment}-migrate`, place.aws),
  ]);
  if (!isDeployed) return whereNothingIs(found, stage, begun);
  const filled = [...begun, ...found.map(checkOf), ...adviceOn(env)];
  const [unfilled, ...others] = found.filter(({ state }) => !['good', 'doubtful'].includes(state));
  if (unfilled) return { checks: filled, next: nextForSecret(unfilled, others.length > 0, stage) };

  const schema = await checkSchema(place);
  const checks = [...filled, schema];
  if (schema.state === 'fault') return { checks, next: again };
  return schema.state === 'open'
    ? { checks, next: savepoint('migrate') }
    : { checks, next: `${savepoint('import 76561197960287930')} --wait` };
}

/** Secrets outlive a production that was removed, and hold the names that its successor needs. */
function whereNothingIs(found: CheckedSecret[], stage: string, begun: Check[]): CheckedDeployment {
  const left = found.filter(({ state }) => state !== 'absent').map(({ id }) => id);
  const deployed =
    left.length === 0
      ? open('deployed', 'nothing yet')
      : check('warning')(
          'deployed',
          `nothing yet, but ${left.join(', ')} are there. Of a deployment that was removed they hold their names: docs/deploy.md#removing-a-deployment-and-coming-back keeps their values and frees the names.`,
        );
  return { checks: [...begun, deployed], next: `npx sst deploy --stage ${stage}` };
}

const check =
  (state: Check['state']) =>
  (what: string, says: string): Check => ({ what, state, says });
const [ok, open] = [check('ok'), check('open')];
const fault = (what: string) => (says: string) => check('fault')(what, says);
const hasFault = (checks: Check[]) => checks.some(({ state }) => state === 'fault');

async function checkAccount(region: string, env: NodeJS.ProcessEnv): Promise<Check> {
  const { findCaller } = await import('@savepoint/adapters/sts/caller.ts');
  try {
    const { accountId, arn } = await findCaller({ region, endpointUrl: undefined });
    const [wrong] = accountFaults(accountId, env);
    return wrong ? fault('account')(wrong) : ok('account', `${accountId}, as ${arn}`);
  } catch (error) {
    return fault('account')(explain(error));
  }
}

const checkOf = ({ id, state, says }: CheckedSecret): Check => {
  if (state === 'good') return ok(id, 'filled');
  if (state === 'doubtful') return check('warning')(id, says);
  return fault(id)(`${state}: ${says}`);
};

function nextForSecret({ name, id, state }: CheckedSecret, more: boolean, stage: string): string {
  if (state === 'absent') return `npx sst deploy --stage ${stage}`;
  if (state === 'removed') return `aws secretsmanager restore-secret --secret-id ${id}`;
  return `npx savepoint secrets set ${more ? '' : `${secrets[name].name} `}--stage ${stage}`;
}

/** What works in one network and not in another, which nobody can see from here. */
function adviceOn(env: NodeJS.ProcessEnv): Check[] {
  const { vpc, completionTopicArn, completionWebhookUrl, otlpEndpoint } = readSettings(env);
  if (!vpc) return [];
  const outside = [
    ...(vpc.endpointRouteTables.length > 0
      ? []
      : [
          'S3, SQS and Secrets Manager need a NAT gateway or endpoints, which DEPLOY_VPC_ROUTE_TABLE_IDS makes',
        ]),
    ...(completionWebhookUrl ? ['the webhook needs a NAT gateway'] : []),
    ...(otlpEndpoint ? ['a collector of traces outside needs a NAT gateway'] : []),
    ...(completionTopicArn ? ['the topic needs an endpoint of SNS, or a NAT gateway'] : []),
  ];
  return outside.length === 0
    ? []
    : [check('warning')('network', `database-import runs in your subnets: ${outside.join('; ')}.`)];
}

/** By the function, which reaches the database when this machine does not. */
async function checkSchema({ deployment, aws }: DeploymentPlace): Promise<Check> {
  const { invokeFunction } = await import('@savepoint/adapters/lambda/invoke-function.ts');
  try {
    const answer = await invokeFunction(`${deployment}-migrate`, { dry_run: true }, aws);
    const missing = (answer as { missing?: unknown } | null)?.missing;
    if (!Array.isArray(missing)) return open('schema', 'the deployed function cannot tell; it is older');
    return missing.length === 0
      ? ok('schema', 'up to date')
      : open('schema', `${missing.join(', ')} to apply`);
  } catch (error) {
    return fault('schema')(explain(error));
  }
}

const explain = (error: unknown): string => {
  if (error instanceof PipelineError) return explainToOperator(error);
  throw error;
};
