import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ignoreAmbientSettings, ignoreAwsSettings } from '@savepoint/local/ambient-settings.ts';
import { startEmbeddedPostgres } from '@savepoint/local/embedded/postgres.ts';

declare global {
  var stopTestPostgres: (() => Promise<void>) | undefined;
}

/** Jest's globalSetup: one throw-away PostgreSQL for the whole run, whose URL the workers inherit. */
export default async function startPostgres(): Promise<void> {
  // What a person's shell has set for other programs reaches no test; the workers inherit this environment.
  ignoreAmbientSettings();
  ignoreAwsSettings();
  const dataDir = await mkdtemp(join(tmpdir(), 'savepoint-tests-'));
  const postgres = await startEmbeddedPostgres({ dataDir, durable: false });
  process.env.TEST_POSTGRES_URL = postgres.databaseUrl;
  globalThis.stopTestPostgres = async () => {
    await postgres.close();
    await rm(dataDir, { recursive: true, force: true });
  };
}
