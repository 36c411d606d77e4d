import {
  type SecretDescription,
  type SecretName,
  secretId,
  secretNames,
  secrets,
} from '@savepoint/core/secrets.ts';
import { secretFault, secretWarning } from '@savepoint/core/secret-values.ts';
import type { DeploymentPlace } from '../find-deployment.ts';

export type CheckedSecret = {
  name: SecretName;
  id: string;
  state: 'good' | 'doubtful' | 'malformed' | 'empty' | 'removed' | 'absent';
  /** Behind the state; empty when there is nothing to say. */
  says: string;
};

/** Looks at every secret of a deployment; one that no setting asks for is left out. @throws PipelineError SECRET_UNAVAILABLE */
export async function checkSecrets({ stage, aws }: DeploymentPlace): Promise<CheckedSecret[]> {
  const { readStoredSecret } = await import('@savepoint/adapters/secrets/stored-secret.ts');
  const checked = await Promise.all(
    secretNames.map(async (name): Promise<CheckedSecret> => {
      const id = secretId(stage, name);
      const stored = await readStoredSecret(id, aws);
      return {
        name,
        id,
        ...(stored.state === 'filled' ? judge(name, stored.value) : told(name, id, stored.state)),
      };
    }),
  );
  return checked.filter(({ name, state }) => secrets[name].required || state !== 'absent');
}

function judge(name: SecretName, value: string): Pick<CheckedSecret, 'state' | 'says'> {
  const fault = secretFault(name, value);
  if (fault !== null) return { state: 'malformed', says: `it ${fault}` };
  const warning = secretWarning(name, value);
  return warning === null ? { state: 'good', says: '' } : { state: 'doubtful', says: warning };
}

function told(
  name: SecretName,
  id: string,
  state: 'absent' | 'removed' | 'empty',
): Pick<CheckedSecret, 'state' | 'says'> {
  const { mayBeEmpty }: SecretDescription = secrets[name];
  if (state === 'empty' && mayBeEmpty) return { state: 'good', says: 'empty, as it may be' };
  const says = {
    absent: 'it is not deployed',
    removed: `bring it back with: aws secretsmanager restore-secret --secret-id ${id}`,
    empty: 'it was never filled',
  };
  return { state, says: says[state] };
}
