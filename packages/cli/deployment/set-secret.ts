import { explainToOperator, PipelineError } from '@savepoint/core/errors.ts';
import { type SecretName, secretId } from '@savepoint/core/secrets.ts';
import { secretFault, secretWarning } from '@savepoint/core/secret-values.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import type { DeploymentPlace } from '../find-deployment.ts';

/**
 * Stores a secret's value if it has the right form.
 * @returns what to tell: that it is stored, and what may be wrong all the same.
 * @throws CommandFailure, PipelineError SECRET_…; nothing is stored then
 */
export async function setSecret(
  { stage, aws }: DeploymentPlace,
  name: SecretName,
  text: string,
): Promise<string[]> {
  const value = text.trim();
  const id = secretId(stage, name);
  const fault = secretFault(name, value);
  if (fault !== null) throw new CommandFailure(exitCodes.usage, `${id} ${fault}; nothing was stored.`);
  const warnings = [secretWarning(name, value), name === 'databaseUrl' ? await unreached(value) : null];
  const { storeSecret } = await import('@savepoint/adapters/secrets/stored-secret.ts');
  await storeSecret(id, value, aws);
  return [
    `Stored ${id}.`,
    ...warnings.flatMap((warning) => (warning === null ? [] : [`  Warning: ${warning}`])),
  ];
}

/** A database in a private network is out of reach from here and in reach of the functions. */
async function unreached(databaseUrl: string): Promise<string | null> {
  const { findMissingMigrations } = await import('@savepoint/adapters/postgres/migrate.ts');
  try {
    await findMissingMigrations(databaseUrl);
    return null;
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    if (error.code === 'DATABASE_URL_INVALID')
      throw new CommandFailure(exitCodes.usage, explainToOperator(error));
    return `from this machine the database was not reached. ${explainToOperator(error)}`;
  }
}
