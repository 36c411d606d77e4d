import { setTimeout as delay } from 'node:timers/promises';
import type { ImportView } from '@savepoint/core/contracts/import-view.ts';
import type { QueueDepth } from '@savepoint/core/operations/stage-queues.ts';
import {
  accountOwning,
  type Simulators,
  startSimulators,
  syntheticCatalogue,
  variablesOf,
} from '@savepoint/simulators/start-simulators.ts';
import { makeThrowAwayDirectory } from '@savepoint/local/throw-away-directory.ts';
import pg from 'pg';
import { createTestDatabase } from '../../support/database.ts';
import { startStackProcess } from '../harness/running-stack.ts';
import { startProber } from './prober.ts';
import { memoryMb, quantile } from './process-figures.ts';
import type { Measured } from './soak.ts';

/**
 * 500 imports of 200 apps, posted within 10 s, and what becomes of them. The stack is a process as `savepoint demo` has it, whose
 * storage does not wait for the disk; Steam, IGDB and whoever asks are another, and nothing stands between them.
 */

const imports = 500;
const appsEach = 200;
const postedWithinSeconds = 10;
const patienceMinutes = 15;
/** Node compiles what runs often: whoever asks first waits longest. */
const warmUp = 100;
/** That all of them own: IGDB is to have more to tell later. */
const warmUpLibraries = 25;
const idleMs = 20_000;

export async function measureLoad(): Promise<Measured[]> {
  const catalogue = syntheticCatalogue({ apps: 3000 });
  const accounts = Array.from({ length: imports + warmUp }, (_, index) => {
    const library = index < warmUp ? index % warmUpLibraries : index;
    return accountOwning(
      { steamId: String(76561202255211000n + BigInt(index)) },
      Array.from({ length: appsEach }, (_app, at) => catalogue.apps[(library * 7 + at * 13) % 3000]!),
    );
  });
  const simulators = await startSimulators({ catalogue, accounts });
  const database = await createTestDatabase();
  const directory = makeThrowAwayDirectory('savepoint-load');
  const variables = {
    PORT: '0',
    AWS_PORT: '0',
    DATA_DIR: directory.dataDir,
    DATABASE_URL: database.url,
    ...variablesOf(simulators).steam,
    ...variablesOf(simulators).igdb,
  };
  const stack = await startStackProcess(variables);
  const viewer = new pg.Client({ connectionString: database.url });
  await viewer.connect();
  try {
    return await measureIn({
      apiUrl: stack.apiUrl,
      pid: stack.pid,
      simulators,
      people: accounts.map(({ steamId }) => steamId),
      countImports: async () =>
        (await viewer.query<{ count: number }>('select count(*)::int from imports')).rows[0]!.count,
    });
  } finally {
    await viewer.end();
    await stack.close();
    await database.drop();
    await simulators.close();
    directory.remove();
  }
}

type Loaded = {
  apiUrl: string;
  pid: number;
  simulators: Simulators;
  people: readonly string[];
  countImports(): Promise<number>;
};

async function call(
  { apiUrl }: Loaded,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(apiUrl + path, {
    signal: AbortSignal.timeout(20_000),
    ...(body !== undefined && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  return { status: answer.status, body: await answer.json() };
}

async function measureIn(loaded: Loaded): Promise<Measured[]> {
  const { apiUrl, pid, simulators, countImports } = loaded;
  const people = loaded.people.slice(warmUp);
  const [known] = await post(loaded, loaded.people.slice(0, warmUp));
  await stored(loaded, warmUp);
  const prober = await startProber(`${apiUrl}/imports/${known}`);
  await delay(idleMs);
  const askedBefore = simulators.requests.length;
  const idle = await prober.during(async () => delay(idleMs));
  const memory: number[] = [];
  const watching = setInterval(() => memory.push(memoryMb(pid)), 500);
  const startedAt = performance.now();
  let accepted: string[] = [];
  const posting = await prober.during(async () => {
    accepted = await post(loaded, people);
  });
  const working = await prober.during(() => stored(loaded, warmUp + accepted.length));
  const seconds = (performance.now() - startedAt) / 1000;
  clearInterval(watching);
  await prober.close();
  const views = await readViews(loaded, accepted);
  const igdb = simulators.requests.slice(askedBefore).filter(({ api }) => api === 'igdb');
  const third = Math.floor(memory.length / 3);
  const [before, after] = [memory.slice(third, 2 * third), memory.slice(2 * third)].map((some) =>
    Math.max(...some),
  ) as [number, number];
  const p99 = (values: readonly number[]) => quantile(values, 0.99);
  const latency = (what: string, busy: readonly number[]): Measured => ({
    what: `p99 of \`GET /imports/{import_id}\`, idle and ${what}`,
    value: `${p99(idle).toFixed(0)} ms, ${p99(busy).toFixed(0)} ms`,
    holds: p99(busy) <= 3 * p99(idle),
  });
  return [
    {
      what: `imports accepted of ${imports} posted within ${postedWithinSeconds} s`,
      value: String(accepted.length),
      holds: accepted.length === imports,
    },
    ...counted('imports in the database', (await countImports()) - warmUp, imports),
    ...counted('messages left in the queues, dead ones too', await countMessages(loaded), 0),
    ...counted('imports not completed', views.filter(({ status }) => status !== 'completed').length, 0),
    ...counted(
      'imports of which a stage ran twice',
      views.filter(({ stages }) => stages.some(({ attempts }) => attempts > 1)).length,
      0,
    ),
    {
      what: 'until all were stored',
      value: `${seconds.toFixed(0)} s`,
      holds: seconds < patienceMinutes * 60,
    },
    {
      what: 'requests to IGDB; refused for their number',
      value: `${igdb.length}; ${igdb.filter(({ status }) => status === 429).length}`,
      holds: igdb.every(({ status }) => status !== 429),
    },
    {
      what: 'memory of the process, most of the second third and of the last',
      value: `${before.toFixed(0)} MB, ${after.toFixed(0)} MB`,
      holds: after < 1.15 * before,
    },
    latency('while they are posted', posting),
    latency('while they are worked on', working),
  ];
}

const counted = (what: string, value: number, wanted: number): Measured[] => [
  { what, value: String(value), holds: value === wanted },
];

/** @returns the ids of those that were accepted */
async function post(loaded: Loaded, people: readonly string[]): Promise<string[]> {
  const accepted: string[] = [];
  await Promise.all(
    people.map(async (steamId, index) => {
      await delay((index / imports) * postedWithinSeconds * 1000);
      const { status, body } = await call(loaded, '/imports', { steam_id: steamId });
      if (status === 202) accepted.push((body as { import_id: string }).import_id);
    }),
  );
  return accepted;
}

/** Until so many imports are in the database. */
async function stored({ countImports }: Loaded, count: number): Promise<void> {
  const deadline = Date.now() + patienceMinutes * 60_000;
  while ((await countImports()) < count && Date.now() < deadline) await delay(500);
}

/** An import is stored a moment before its story says so. */
async function readViews(loaded: Loaded, importIds: readonly string[]): Promise<ImportView[]> {
  await delay(5_000);
  const views: ImportView[] = [];
  for (const importId of importIds)
    views.push((await call(loaded, `/imports/${importId}`)).body as ImportView);
  return views;
}

async function countMessages(loaded: Loaded): Promise<number> {
  const { queues } = (await call(loaded, '/queues')).body as { queues: QueueDepth[] };
  return queues.reduce(
    (sum, { waiting, in_flight, delayed, dead_letters }) =>
      sum + waiting + in_flight + delayed + dead_letters,
    0,
  );
}
