import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { parseVariables } from '@savepoint/functions/runtime/env.ts';
import { localVariables } from '@savepoint/local/local-env.ts';
import { type LocalStack, startLocalStack } from '@savepoint/local/local-stack.ts';
import { createTerminalLog } from '@savepoint/local/terminal-log.ts';
import {
  type Catalogue,
  type Simulators,
  type SteamAccount,
  startSimulators,
  variablesOf,
} from '@savepoint/simulators/start-simulators.ts';

/** Of each answer of Steam, Twitch and IGDB. */
export const latencyMs = 120;
const pollMs = 5;

/** Simulators in this process, with IGDB's limits in force, and a place for the data of stacks. */
export async function withSimulators<Result>(
  world: { catalogue: Catalogue; accounts: readonly SteamAccount[] },
  work: (simulators: Simulators, dataDir: string) => Promise<Result>,
): Promise<Result> {
  const simulators = await startSimulators({ ...world, latencyMs });
  const dataDir = mkdtempSync(join(tmpdir(), 'savepoint-bench-'));
  try {
    return await work(simulators, dataDir);
  } finally {
    await simulators.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** A stack whose instances know nothing but what the data directory holds. */
export async function withStack<Result>(
  simulators: Simulators,
  dataDir: string,
  work: (stack: LocalStack) => Promise<Result>,
): Promise<Result> {
  const stack = await startLocalStack({
    env: parseVariables(localVariables, { PORT: '0', DATA_DIR: dataDir, ...variablesFor(simulators) }),
    log: createTerminalLog('WARN', (line) => process.stderr.write(`${line}\n`)),
    durable: false,
  });
  try {
    return await work(stack);
  } finally {
    await stack.close();
  }
}

export const variablesFor = (simulators: Simulators) => ({
  ...variablesOf(simulators).steam,
  ...variablesOf(simulators).igdb,
});

export const igdbRequests = ({ requests }: Simulators): number =>
  requests.filter(({ api }) => api === 'igdb').length;

/** From the first POST until all rows can be read by another connection. @returns seconds */
export async function importAll(
  { apiUrl, databaseUrl }: Pick<LocalStack, 'apiUrl' | 'databaseUrl'>,
  steamIds: readonly string[],
): Promise<number> {
  const database = new pg.Client({ connectionString: databaseUrl });
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  await database.connect();
  try {
    const before = await countImports(database);
    const startedAt = performance.now();
    await Promise.all(steamIds.map((steamId) => postImport(apiUrl, steamId, agent)));
    while ((await countImports(database)) < before + steamIds.length) await delay(pollMs);
    return (performance.now() - startedAt) / 1000;
  } finally {
    agent.destroy();
    await database.end();
  }
}

/** An import's row is committed together with its games and entries. */
async function countImports(database: pg.Client): Promise<number> {
  const { rows } = await database.query<{ done: number }>('select count(*)::int as done from imports');
  return rows[0]?.done ?? 0;
}

/** All that are to be sent wait for one of so many connections. */
const connections = 40;

async function postImport(apiUrl: string, steamId: string, agent: Agent): Promise<void> {
  const posting = request(`${apiUrl}/imports`, {
    method: 'POST',
    agent,
    headers: { 'content-type': 'application/json' },
  });
  posting.end(JSON.stringify({ steam_id: steamId }));
  const [answer] = (await once(posting, 'response')) as [IncomingMessage];
  answer.resume();
  if (answer.statusCode !== 202) throw new Error(`POST /imports answered ${answer.statusCode}.`);
}
