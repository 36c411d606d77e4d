import { writeFileSync } from 'node:fs';
import { accountFaults, deploymentFaults, regionOf } from '../packages/core/deployment/preconditions.ts';

const askingMilliseconds = 10_000;

/**
 * What SST connects to AWS with: the region that was named, and the configured account alone.
 * @throws Error naming every fault at once.
 */
export async function prepareProviders(stage: string, environment: Record<string, string | undefined>) {
  const region = regionOf(environment);
  const accountId = environment.DEPLOY_AWS_ACCOUNT_ID || undefined;
  const faults = [
    ...deploymentFaults(stage, environment),
    ...(region && accountId ? accountFaults(await accountSignedInTo(region), environment) : []),
  ];
  if (faults.length > 0) {
    const error = refusal(stage, faults);
    tellPastSst(error.message);
    throw error;
  }
  // The provider asks for the account, too, whatever the credentials are by then.
  return { aws: { region, ...(accountId && { allowedAccountIds: [accountId] }) } };
}

/**
 * Undefined where AWS does not tell; SST then says itself what is the matter with the credentials. The SDK is the one that
 * SST brings, which is older than ours and takes other options.
 */
async function accountSignedInTo(region: string): Promise<string | undefined> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  const endpoint = process.env.AWS_ENDPOINT_URL_STS;
  const client = new STSClient({ region, maxAttempts: 2, ...(endpoint && { endpoint }) });
  return client
    .send(new GetCallerIdentityCommand({}), { abortSignal: AbortSignal.timeout(askingMilliseconds) })
    .then(
      ({ Account }) => Account,
      () => undefined,
    );
}

/**
 * SST swallows what `app` says and shows but “Unexpected error occurred”. So it is written to where SST writes itself, or
 * to the terminal; where neither can be opened, `sst --print-logs` and `.sst/log` have it.
 */
function tellPastSst(message: string): void {
  // The evaluation of the graph reads the error itself.
  if (process.env.SST_SERVER !== undefined) return;
  for (const path of [`/proc/${process.ppid}/fd/2`, '/dev/tty']) {
    try {
      writeFileSync(path, `\n${message}\n\n`, { flag: 'a' });
      return;
    } catch {
      // The next one, then.
    }
  }
}

function refusal(stage: string, faults: string[]): Error {
  const error = new Error(
    `${stage} is not deployed, and nothing was created:\n${faults.map((fault) => `- ${fault}`).join('\n')}`,
  );
  // SST shows what Node prints, which is the stack.
  error.stack = error.message;
  return error;
}
