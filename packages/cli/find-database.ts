import { prepareEnvironment } from '@savepoint/local/local-env.ts';
import { findTarget } from './find-target.ts';

/** The database of a deployment, or of the local stack. One's own, in DATABASE_URL, needs no stack to run. @throws CommandFailure */
export async function findDatabaseUrl(stage: string | undefined): Promise<string> {
  if (stage === undefined) {
    prepareEnvironment();
    if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
  }
  return findTarget(stage).databaseUrl();
}
