import { setTimeout as delay } from 'node:timers/promises';
import { accountOwning, syntheticCatalogue } from '@savepoint/simulators/start-simulators.ts';
import { keyOf, operationOf } from '../faults/links.ts';
import { depthsOf } from '../harness/evidence.ts';
import { startWorld, type World } from '../harness/world.ts';
import { memoryMb, quantile } from './process-figures.ts';
import type { Measured } from './soak.ts';

/** 500 imports of 200 apps, posted within 10 s, and what becomes of them. */

const imports = 500;
const appsEach = 200;
const postedWithinSeconds = 10;
const patienceMinutes = 15;

export async function measureLoad(): Promise<Measured[]> {
  const catalogue = syntheticCatalogue({ apps: 3000 });
  const accounts = Array.from({ length: imports }, (_, index) =>
    accountOwning(
      { steamId: String(76561202255211000n + BigInt(index)) },
      Array.from({ length: appsEach }, (_app, at) => catalogue.apps[(index * 7 + at * 13) % 3000]!),
    ),
  );
  const world = await startWorld({ inProcess: true, simulated: { catalogue, accounts } });
  try {
    return await measureIn(
      world,
      accounts.map(({ steamId }) => steamId),
    );
  } finally {
    await world.close();
  }
}

async function measureIn(world: World, people: readonly string[]): Promise<Measured[]> {
  const { pid } = world.stacks[0]!;
  const writes = new Map<string, number>();
  world.aws.watch((request) => {
    const key = operationOf(request) === 'PutObject' ? keyOf(request) : '';
    if (/^(raw|enriched)\//.test(key)) writes.set(key, (writes.get(key) ?? 0) + 1);
  });
  const idle = await latencies(world, async () => delay(8000));
  const memory: number[] = [];
  const watching = setInterval(() => memory.push(memoryMb(pid)), 500);
  const startedAt = performance.now();
  const accepted: string[] = [];
  const busy = await latencies(world, async () => {
    await Promise.all(
      people.map(async (steamId, index) => {
        await delay((index / people.length) * postedWithinSeconds * 1000);
        const { status, body } = await world.request('/imports', { steam_id: steamId });
        if (status === 202) accepted.push(String(body.import_id));
      }),
    );
    await untilDrained(world);
  });
  const seconds = (performance.now() - startedAt) / 1000;
  clearInterval(watching);
  const [stored] = await world.sql<{ imports: number; entries: number }>(
    'select (select count(*)::int from imports) as imports, (select count(*)::int from library_entries) as entries',
  );
  const { dead } = await depthsOf(world);
  const igdb = world.simulators.requests.filter(({ api }) => api === 'igdb');
  const third = Math.floor(memory.length / 3);
  const [idleP99, busyP99] = [quantile(idle, 0.99), quantile(busy, 0.99)];
  return [
    {
      what: `imports accepted of ${imports} posted within ${postedWithinSeconds} s`,
      value: String(accepted.length),
      holds: accepted.length === imports,
    },
    { what: 'imports in the database', value: String(stored!.imports), holds: stored!.imports === imports },
    { what: 'dead letters', value: String(dead), holds: dead === 0 },
    {
      what: 'library files written twice',
      value: String([...writes.values()].filter((count) => count > 1).length),
      holds: [...writes.values()].every((count) => count === 1),
    },
    {
      what: 'until the queues were empty',
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
      value: `${Math.max(...memory.slice(third, 2 * third)).toFixed(0)} MB, ${Math.max(...memory.slice(2 * third)).toFixed(0)} MB`,
      holds: Math.max(...memory.slice(2 * third)) < 1.15 * Math.max(...memory.slice(third, 2 * third)),
    },
    {
      what: 'p99 of `GET /imports/{import_id}`, idle and under load',
      value: `${idleP99.toFixed(0)} ms, ${busyP99.toFixed(0)} ms`,
      holds: busyP99 <= 3 * idleP99,
    },
  ];
}

/** Of a call each 100 ms while `work` goes on. */
async function latencies(world: World, work: () => Promise<unknown>): Promise<number[]> {
  const values: number[] = [];
  const asking = setInterval(async () => {
    const startedAt = performance.now();
    await world.request('/imports/76561202255211000-20261123T043000123Z').catch(() => undefined);
    values.push(performance.now() - startedAt);
  }, 100);
  await work();
  clearInterval(asking);
  return values;
}

/** Empty three times in a row: between two stages a message may be nowhere for a moment. */
async function untilDrained(world: World): Promise<void> {
  const deadline = Date.now() + patienceMinutes * 60_000;
  for (let empty = 0; empty < 3 && Date.now() < deadline; ) {
    await delay(1000);
    empty = (await depthsOf(world)).waiting === 0 ? empty + 1 : 0;
  }
}
