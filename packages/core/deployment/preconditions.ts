import { nameFaults } from './name-limits.ts';
import { settingFaults } from './settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a deployment goes. Nothing but these two says it: a profile's region is another on each machine. */
export const regionOf = (environment: Environment): string | undefined =>
  environment.AWS_REGION || environment.AWS_DEFAULT_REGION || undefined;

/**
 * What must not be deployed, a sentence each, found before AWS is asked for anything.
 * @param stage what SST calls a stage: `production`.
 * @param environment that of `sst deploy`, with its `.env` files.
 */
export function deploymentFaults(stage: string, environment: Environment): string[] {
  return [
    ...nameFaults(stage),
    ...(regionOf(environment)
      ? []
      : ['AWS_REGION is not set: SST would take us-east-1, and what runs elsewhere would be there twice.']),
    ...(environment.AWS_ENDPOINT_URL
      ? ['AWS_ENDPOINT_URL is set: SST would take that address for AWS. Unset it, in .env too.']
      : []),
    ...(stage === 'production' && !environment.DEPLOY_ALARM_EMAIL
      ? ['DEPLOY_ALARM_EMAIL is not set: production needs an address for alarms, or “none” to go without.']
      : []),
    ...settingFaults(environment),
  ];
}

/** The fault where one is signed in to another account than the configured one. */
export const accountFaults = (
  signedIn: string | undefined,
  { DEPLOY_AWS_ACCOUNT_ID: expected }: Environment,
): string[] =>
  signedIn === undefined || !expected || signedIn === expected
    ? []
    : [`The credentials belong to account ${signedIn}, but DEPLOY_AWS_ACCOUNT_ID asks for ${expected}.`];
