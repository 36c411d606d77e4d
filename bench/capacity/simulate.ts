import {
  createLookupMemory,
  defaultMemory,
  type KeptMemory,
} from '@savepoint/core/enrichment/lookup-memory.ts';
import { type AppKnowledge, printKnowledge } from '@savepoint/core/contracts/checkpoint.ts';
import { igdbLimits, stages } from '@savepoint/core/topology.ts';
import { knownBy, requestsFor } from './igdb-requests.ts';
import { catalogueApps, drawLibrary, drawSize, randomFrom, shareOf } from './libraries.ts';

/** Imports through enrichment, as a queue, the topology's instances, IGDB's limit and the product's own memory make it. */

export type Scenario = {
  importsPerDay: number;
  /** Without, each import asks for all of its apps. */
  memory: typeof defaultMemory | null;
  /** Invocations of enrichment at once, which share IGDB's limit. */
  instances: number;
  /** Imports that one invocation takes at most. */
  batch: number;
};
export const today: Omit<Scenario, 'importsPerDay'> = {
  memory: defaultMemory,
  instances: stages['igdb-enrichment'].maximumConcurrency,
  batch: stages['igdb-enrichment'].batchSize,
};
export type Outcome = {
  /** To IGDB, for each import. */
  requestsPerImport: number;
  /** Of the apps of an import, those that somebody had to ask for. */
  askedShare: number;
  /** In seconds, from the queue to the enriched file; grows without end where too many come. */
  waitSeconds: number;
  /** How many a day come through at that rate. */
  servedPerDay: number;
  importsPerInvocation: number;
};

/** The busiest hour of a day against its mean. */
export const peak = 2.5;
const simulatedImports = 1200;
/** Not counted: the queue finds its length. */
const warmUpImports = 300;
/** What an invocation takes beside IGDB, from `npm run bench -- throughput` with the network to S3 added. */
const invocationSeconds = 0.25;
const importSeconds = 0.15;
const secondsPerDay = 86_400;

export function simulate({ importsPerDay, memory: limits, instances, batch: batchSize }: Scenario): Outcome {
  const random = randomFrom(importsPerDay);
  let clock = 1_800_000_000;
  const memory = limits && rememberedBefore(importsPerDay, limits, () => clock * 1000);
  const requestsPerSecond = igdbLimits.requestsPerSecond / instances;
  const perSecond = (importsPerDay * peak) / secondsPerDay;
  const arrivals: number[] = [];
  for (let at = clock; arrivals.length < simulatedImports; ) {
    at += -Math.log(1 - random()) / perSecond;
    arrivals.push(at);
  }
  const freeAt = Array.from({ length: instances }, () => clock);
  const counted = { imports: 0, invocations: 0, requests: 0, apps: 0, asked: 0, waited: 0, from: 0 };
  let done = clock;
  for (let next = 0; next < arrivals.length; ) {
    const instance = freeAt.indexOf(Math.min(...freeAt));
    clock = Math.max(freeAt[instance]!, arrivals[next]!);
    const batch: number[] = [];
    while (batch.length < batchSize && next < arrivals.length && arrivals[next]! <= clock)
      batch.push(arrivals[next++]!);
    const apps = new Set(batch.flatMap(() => drawLibrary(random)));
    const unknown = [...apps].filter((rank) => memory?.recall(rank + 1) === undefined);
    for (const rank of unknown) memory?.remember(knowledgeOf(rank, clock));
    const requests = requestsFor(unknown);
    done = clock + invocationSeconds + importSeconds * batch.length + requests / requestsPerSecond;
    freeAt[instance] = done;
    if (next <= warmUpImports) {
      counted.from = clock;
      continue;
    }
    counted.imports += batch.length;
    counted.invocations += 1;
    counted.requests += requests;
    counted.apps += apps.size;
    counted.asked += unknown.length;
    counted.waited += batch.reduce((sum, arrivedAt) => sum + done - arrivedAt, 0);
  }
  return {
    requestsPerImport: counted.requests / counted.imports,
    askedShare: counted.asked / counted.apps,
    waitSeconds: counted.waited / counted.imports,
    servedPerDay: ((counted.imports / (done - counted.from)) * secondsPerDay) / peak,
    importsPerInvocation: counted.imports / counted.invocations,
  };
}

const knowledgeOf = (rank: number, clock: number): AppKnowledge => ({
  appId: rank + 1,
  steamType: 0,
  storeAnswered: true,
  store: null,
  match: knownBy(rank) === 'nothing' ? { status: 'UNMATCHED', reason: '', rejectedIds: [] } : null,
  learntAt: Math.floor(clock),
  decided: null,
});

/**
 * What has been remembered for so long that no more is: an app that is asked for every so often is there for the share of
 * its life in that time and the wait for the next who asks.
 */
function rememberedBefore(
  importsPerDay: number,
  limits: typeof defaultMemory,
  now: () => number,
): KeptMemory {
  const memory = createLookupMemory({ ...limits, now });
  const random = randomFrom(7);
  const sizes = Array.from({ length: 1000 }, () => drawSize(random));
  const meanApps = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  const clock = now() / 1000;
  const apps = Array.from({ length: catalogueApps }, (_, rank) => {
    const perDay = importsPerDay * Math.min(1, meanApps * shareOf(rank));
    const life = knownBy(rank) === 'nothing' ? limits.missSeconds : limits.hitSeconds;
    const asked = (perDay * life) / secondsPerDay;
    if (random() >= asked / (1 + asked)) return [];
    const knowledge = knowledgeOf(rank, clock - life);
    return {
      appId: rank + 1,
      learntAt: Math.floor(clock - life),
      expiresAt: Math.ceil(clock + random() * life),
      asked: Math.ceil(asked),
      askedAt: Math.floor(clock),
      knowledge: printKnowledge(knowledge),
    };
  }).flat();
  memory.absorb(apps);
  return memory;
}
