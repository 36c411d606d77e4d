import { setTimeout as delay } from 'node:timers/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { keyOf, operationOf } from '../faults/links.ts';
import { type Chance, chanceOf } from './chance.ts';
import { checkAll, equalsModel, type Finding } from './checks.ts';
import { gather, libraryOf } from './evidence.ts';
import { forgetLearnt } from './forget-learnt.ts';
import type { Meet, NamedFault } from './named-fault.ts';
import { people } from './people.ts';
import { settle } from './settle.ts';
import { startWorld, type World } from './world.ts';

/** Faults, alone or mixed, over a handful of imports; and what was found when they were over. */
export type Verdict = {
  faults: readonly string[];
  seed: number;
  findings: Finding[];
  /** Imports that were accepted. */
  accepted: number;
  /** Files that were written more than once: harmless, and a cost. */
  duplicates: number;
  /** What each of the faults met: requests, connections, messages or processes. */
  met: readonly number[];
  seconds: number;
};

/** What a library should be, by `steam_id/app_id`: what becomes of it where nothing fails. */
export type Model = ReadonlyMap<string, unknown>;

/** Of somebody whose file is dropped: some rows cannot be used. */
const dropper = '76561202255210100';
const droppedId = `${dropper}-2026-01-02`;
const droppedCsv = () =>
  [
    'appid,name,playtime_forever',
    ...people()
      .catalogue.apps.slice(100, 112)
      .map(({ appid, name }) => `${appid},"${name.replaceAll('"', '""')}",${appid % 500}`),
  ]
    .concat('nonsense,Nothing,1', '-5,Less,2', '')
    .join('\n');

const everybody = () => [...people().accounts.map(({ steamId }) => steamId), dropper];

/** @throws Error when IGDB refuses something each time, as on a busy machine, where requests bunch: what it told would be missing. */
export async function makeModel(tries = 5): Promise<Model> {
  const world = await startWorld();
  try {
    await importCalmly(world, everybody());
    const refused = world.simulators.requests.filter(({ api, status }) => api === 'igdb' && status !== 200);
    if (refused.length === 0) return await libraryOf(world);
    if (tries <= 1) throw new Error(`IGDB refused ${refused.length} requests: there is no model.`);
  } finally {
    await world.close();
  }
  return makeModel(tries - 1);
}

/** @param plant a fault of the product's own, for tests of the checks: it stands all the time. */
export async function runTrial(
  faults: readonly NamedFault[],
  seed: number,
  model: Model,
  plant?: (world: World) => void,
): Promise<Verdict> {
  const startedAt = performance.now();
  const chance = chanceOf(seed);
  const world = await startWorld({ inProcess: faults.some(({ inProcess }) => inProcess) });
  try {
    const count = countWrites(world);
    const asked = [...pickPeople(chance), dropper];
    if (faults.some(({ knownBefore }) => knownBefore)) await importCalmly(world, asked);
    plant?.(world);
    const met = faults.map(() => 0);
    const accepted = await importUnder(faults, world, chance, asked, met, plant);
    const poison = faults.reduce((sum, fault) => sum + (fault.poison ?? 0), 0);
    const { inTime, healed } = await settle(world, accepted, {
      poison,
      ...(plant && { seconds: 12, heals: false }),
    });
    const findings: Finding[] = inTime ? [] : [{ kind: 'stuck', what: 'it did not come to an end in time' }];
    if (!faults.some(({ losesMessages }) => losesMessages))
      findings.push(
        ...healed
          .filter((importId) => accepted.includes(importId))
          .map((importId): Finding => ({ kind: 'lost', what: `${importId} had no message any more` })),
      );
    if (!plant) findings.push(...unmet(faults, met));
    findings.push(...checkAll(await gather(world, accepted, asked), poison));
    // As it was written while it failed, before anything is imported again; Steam and IGDB may have told less.
    if (faults.every(({ area }) => area !== 'steam' && area !== 'igdb'))
      findings.push(...equalsModel(await libraryOf(world), model, asked));
    if (faults.some(({ knownBefore }) => knownBefore))
      // What was told stands, and beside it that somebody was silent.
      findings.push(...equalsModel(await libraryOf(world), model, asked, ['app.silent_sources']));
    const duplicates = count();
    if (!plant) {
      await forgetLearnt(world);
      await importCalmly(world, asked);
    }
    findings.push(...equalsModel(await libraryOf(world), model, asked));
    return {
      faults: faults.map(({ name }) => name),
      seed,
      findings,
      accepted: accepted.length,
      duplicates,
      met,
      seconds: (performance.now() - startedAt) / 1000,
    };
  } finally {
    await world.close();
  }
}

/** Two to four; one of them asks twice. */
function pickPeople(chance: Chance): string[] {
  const { accounts } = people();
  const first = chance.between(0, accounts.length - 1);
  return Array.from(
    { length: chance.between(2, 4) },
    (_, index) => accounts[(first + index) % accounts.length]!.steamId,
  );
}

async function importUnder(
  faults: readonly NamedFault[],
  world: World,
  chance: Chance,
  asked: readonly string[],
  met: number[],
  plant?: (world: World) => void,
): Promise<string[]> {
  const seconds = Math.max(...faults.map((fault) => fault.seconds ?? 3));
  const endsAt = Date.now() + seconds * 1000;
  // Some take their time to begin, and must meet imports under way.
  const beginning = Promise.all(
    faults.map((fault, index) => {
      const meet = (count = 1) => {
        met[index]! += count;
      };
      return fault.begin(countedIn(world, meet), chance, meet);
    }),
  );
  await Promise.race([beginning, delay(100)]);
  await drop(world);
  const [twice] = asked;
  const requests = [twice!, ...asked].filter((steamId) => steamId !== dropper);
  const early = await Promise.all(requests.map((steamId) => ask(world, steamId, endsAt)));
  const ends = await beginning;
  await delay(Math.max(0, endsAt - Date.now()));
  // On a busy machine nobody may have come by so far.
  for (let waited = 0; waited < patienceMs && !plant && anyUnmet(faults, met); waited += 100)
    await delay(100);
  const accepted = [droppedId, ...early.filter((importId) => importId !== null)];
  if (faults.some(({ untilGivenUp }) => untilGivenUp)) await waitUntilGivenUp(world, accepted);
  world.aws.calm();
  world.upstream.calm();
  plant?.(world);
  // One may wait for another's: what was killed starts only where PostgreSQL is there.
  await Promise.all(ends.map((end) => end?.()));
  // Who was refused all the time asks again.
  const refused = requests.filter((_, index) => early[index] === null);
  for (const steamId of refused) accepted.push((await ask(world, steamId, Date.now() + 20_000))!);
  return accepted;
}

/** The world as a fault sees it: what it does on the links is counted, unless it counts itself. */
const countedIn = (world: World, meet: Meet): World => ({
  ...world,
  aws: { ...world.aws, add: (find, met = meet) => world.aws.add(find, met) },
  upstream: { ...world.upstream, add: (find, met = meet) => world.upstream.add(find, met) },
});

/** For how long a fault waits for somebody whom it can meet. */
const patienceMs = 20_000;

const isMet = ({ meetsNothing = false }: NamedFault, met: number): boolean => meetsNothing || met > 0;
const anyUnmet = (faults: readonly NamedFault[], met: readonly number[]): boolean =>
  !faults.every((fault, index) => isMet(fault, met[index]!));

/** A fault that met nothing proves nothing; beside another one it may find nobody left. */
const unmet = (faults: readonly NamedFault[], met: readonly number[]): Finding[] =>
  faults.some((fault, index) => isMet(fault, met[index]!))
    ? []
    : [{ kind: 'unmet', what: `nothing met ${faults.map(({ name }) => name).join(' or ')}` }];

/** Asks until it is accepted. @returns null when it was not in time. */
async function ask(world: World, steamId: string, until: number): Promise<string | null> {
  do {
    try {
      const { status, body } = await world.request('/imports', { steam_id: steamId });
      if (status === 202) return String(body.import_id);
      if (status < 500) throw new RangeError(`${steamId} was refused: ${JSON.stringify(body)}`);
    } catch (error) {
      // Else the stack is being killed.
      if (error instanceof RangeError) throw error;
    }
    await delay(250);
  } while (Date.now() < until);
  return null;
}

const drop = ({ s3, bucket }: World) =>
  s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: `raw/steam-library-${droppedId}.csv`, Body: droppedCsv() }),
  );

/** Where nothing fails any more, and waits for its end. @throws Error when it does not come. */
export async function importCalmly(world: World, asked: readonly string[]): Promise<void> {
  const importIds: string[] = [];
  for (const steamId of asked) {
    if (steamId === dropper) {
      await drop(world);
      importIds.push(droppedId);
    } else importIds.push((await ask(world, steamId, Date.now() + 20_000))!);
  }
  if (!(await settle(world, importIds, { poison: Number.POSITIVE_INFINITY })).inTime)
    throw new Error('A calm import did not complete.');
}

async function waitUntilGivenUp(world: World, importIds: readonly string[]): Promise<void> {
  const deadline = Date.now() + 90_000;
  while (Date.now() < deadline) {
    const views = await Promise.all(importIds.map((importId) => world.request(`/imports/${importId}`)));
    if (views.every(({ body }) => body.status === 'failed' || body.status === 'completed')) return;
    await delay(300);
  }
}

/** @returns how many writes of library files repeated one of before. */
function countWrites(world: World): () => number {
  const writes = new Map<string, number>();
  world.aws.watch((request) => {
    if (operationOf(request) !== 'PutObject' || request.method !== 'PUT') return;
    const key = keyOf(request);
    if (/^(raw|enriched)\//.test(key)) writes.set(key, (writes.get(key) ?? 0) + 1);
  });
  return () => [...writes.values()].reduce((sum, count) => sum + count - 1, 0);
}
