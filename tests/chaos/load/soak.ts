import { setTimeout as delay } from 'node:timers/promises';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { chanceOf } from '../harness/chance.ts';
import { depthsOf } from '../harness/evidence.ts';
import { people } from '../harness/people.ts';
import { reconcileNow } from '../harness/settle.ts';
import { startWorld, type World } from '../harness/world.ts';
import { median, memoryMb, openFiles } from './process-figures.ts';

/** A figure and whether it is what was promised. */
export type Measured = { what: string; value: string; holds: boolean };

type Sample = {
  memory: number;
  files: number;
  connections: number;
  entries: number;
  kept: number;
  imports: number;
};

/** Mixed work for so long; what should not grow is looked at all the time. */
export async function measureSoak(minutes: number, seed: number): Promise<Measured[]> {
  const world = await startWorld({ inProcess: true });
  const until = Date.now() + minutes * 60_000;
  const samples: Sample[] = [];
  try {
    const working = work(world, seed, until);
    while (Date.now() < until) {
      await delay(5000);
      samples.push(await sample(world));
    }
    const requests = await working;
    await drained(world);
    samples.push(await sample(world));
    return figuresOf(samples, requests, (await depthsOf(world)).dead);
  } finally {
    await world.close();
  }
}

async function work(world: World, seed: number, until: number): Promise<number> {
  const chance = chanceOf(seed);
  const { accounts } = people();
  let requests = 0;
  while (Date.now() < until) {
    const { steamId, ownedApps } = chance.pick(accounts);
    const kind = chance.between(1, 10);
    if (kind <= 5) await world.request('/imports', { steam_id: steamId });
    else if (kind <= 7)
      await world.s3.send(
        new PutObjectCommand({
          Bucket: world.bucket,
          Key: `raw/steam-library-${steamId}-2026-01-0${chance.between(1, 9)}.csv`,
          Body: `appid,playtime_forever\n${ownedApps.map(({ appid, playtimeForever }) => `${appid},${playtimeForever}\n`).join('')}nonsense,1\n`,
        }),
      );
    else if (kind === 8) await world.request('/imports?max=20');
    else if (kind === 9) await world.request('/queues/steam-import/redrive', {});
    else await reconcileNow(world);
    requests += 1;
    await delay(chance.between(100, 900));
  }
  return requests;
}

async function sample(world: World): Promise<Sample> {
  const { pid } = world.stacks[0]!;
  const [row] = await world.sql<Pick<Sample, 'connections' | 'entries' | 'imports'>>(
    `select (select count(*)::int from pg_stat_activity where usename = $1) as connections,
      (select count(*)::int from library_entries) as entries, (select count(*)::int from imports) as imports`,
    [world.databaseRole],
  );
  return { memory: memoryMb(pid), files: openFiles(pid), kept: await countKept(world), ...row! };
}

/** Objects that are there for a while: markers of what is open, and what is remembered. */
async function countKept({ s3, bucket }: World): Promise<number> {
  const counts = await Promise.all(
    ['open/', 'state/', 'exports/'].map(
      async (Prefix) => (await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }))).KeyCount ?? 0,
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

async function drained(world: World): Promise<void> {
  const deadline = Date.now() + 60_000;
  while ((await depthsOf(world)).waiting > 0 && Date.now() < deadline) await delay(500);
}

function figuresOf(samples: readonly Sample[], requests: number, dead: number): Measured[] {
  const third = Math.floor(samples.length / 3);
  const grown = (name: keyof Sample, factor: number): Pick<Measured, 'value' | 'holds'> => {
    const middle = median(samples.slice(third, 2 * third).map((one) => one[name]));
    const last = median(samples.slice(2 * third).map((one) => one[name]));
    return { value: `${middle.toFixed(0)}, ${last.toFixed(0)}`, holds: last <= middle * factor + 2 };
  };
  const end = samples.at(-1)!;
  return [
    {
      what: 'actions; imports recorded at the end',
      value: `${requests}; ${end.imports}`,
      holds: end.imports > 0,
    },
    {
      what: 'memory of the process in MB, median of the second third and of the last',
      ...grown('memory', 1.1),
    },
    { what: 'open files', ...grown('files', 1.1) },
    { what: 'connections to the database', ...grown('connections', 1) },
    { what: 'rows of `library_entries`', ...grown('entries', 1) },
    { what: 'objects below `open/`, `state/` and `exports/`', ...grown('kept', 1.1) },
    { what: 'dead letters at the end', value: String(dead), holds: dead === 0 },
  ];
}
