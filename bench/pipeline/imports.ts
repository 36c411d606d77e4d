import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { parseVariables } from '@savepoint/functions/runtime/env.ts';
import { localVariables } from '@savepoint/local/local-env.ts';
import { startLocalStack } from '@savepoint/local/local-stack.ts';
import {
  accountOwning,
  type Simulators,
  startSimulators,
  syntheticCatalogue,
} from '@savepoint/simulators/start-simulators.ts';
import { createTerminalLog } from '@savepoint/local/terminal-log.ts';

export type ImportTimes = { firstSeconds: number; lastSeconds: number; igdbRequests: number };

const catalogueApps = 5000;
const pollMs = 5;

/** A person each, with apps that overlap with those of others as libraries do. */
function people(count: number, appsEach: number) {
  const catalogue = syntheticCatalogue({ apps: catalogueApps });
  // Free ones are listed only when they were played.
  const owned = catalogue.apps.filter(({ free }) => !free);
  const accounts = Array.from({ length: count }, (_, index) => {
    const from = (index * 89) % (owned.length - appsEach);
    return accountOwning(
      { steamId: String(76561202255100001n + BigInt(index)) },
      owned.slice(from, from + appsEach),
    );
  });
  return { catalogue, accounts };
}

/**
 * From POST to committed rows, all libraries posted at once to a stack that has not imported anything yet.
 * IGDB allows 4 requests a second.
 */
export async function measureImports(libraries: number, appsEach: number): Promise<ImportTimes> {
  const { catalogue, accounts } = people(libraries, appsEach);
  const simulators = await startSimulators({ catalogue, accounts });
  const dataDir = mkdtempSync(join(tmpdir(), 'savepoint-bench-'));
  try {
    const stack = await startLocalStack({
      env: parseVariables(localVariables, { PORT: '0', DATA_DIR: dataDir, ...variablesFor(simulators) }),
      log: createTerminalLog('WARN', (line) => process.stderr.write(`${line}\n`)),
      durable: false,
    });
    const database = new pg.Client({ connectionString: stack.databaseUrl });
    try {
      await database.connect();
      const startedAt = performance.now();
      await Promise.all(accounts.map(({ steamId }) => post(stack.apiUrl, steamId)));
      const done = await waitForImports(database, libraries, startedAt);
      return { ...done, igdbRequests: simulators.requests.filter(({ api }) => api === 'igdb').length };
    } finally {
      await database.end();
      await stack.close();
    }
  } finally {
    await simulators.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const variablesFor = (simulators: Simulators) => ({
  STEAM_API_URL: simulators.steamApiUrl,
  STEAM_API_KEY: simulators.steamApiKey,
  IGDB_API_URL: simulators.igdbApiUrl,
  IGDB_TOKEN_URL: simulators.igdbTokenUrl,
  IGDB_CLIENT_ID: simulators.igdbClientId,
  IGDB_CLIENT_SECRET: simulators.igdbClientSecret,
});

async function post(apiUrl: string, steamId: string): Promise<void> {
  const answer = await fetch(`${apiUrl}/imports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ steam_id: steamId }),
  });
  if (answer.status !== 202) throw new Error(`POST /imports answered ${answer.status}.`);
}

/** An import's row is committed together with its games and entries. */
async function waitForImports(database: pg.Client, wanted: number, startedAt: number) {
  let firstSeconds = 0;
  for (;;) {
    const { rows } = await database.query<{ done: number }>('select count(*)::int as done from imports');
    const elapsed = (performance.now() - startedAt) / 1000;
    const done = rows[0]?.done ?? 0;
    if (done > 0 && firstSeconds === 0) firstSeconds = elapsed;
    if (done >= wanted) return { firstSeconds, lastSeconds: elapsed };
    await delay(pollMs);
  }
}
