import type { LookupMemoryObject } from '@savepoint/adapters/s3/lookup-memory-object.ts';
import { within } from '@savepoint/adapters/within.ts';
import { toPipelineError } from '@savepoint/core/errors.ts';
import {
  createLookupMemory,
  defaultMemory,
  type LookupMemory,
} from '@savepoint/core/enrichment/lookup-memory.ts';
import type { Log } from './log.ts';

/** The look-up memory of all instances. Whatever fails here costs requests to IGDB, and no import. */
export type SharedMemory = LookupMemory & {
  /** Reads what others learnt, at the beginning and once a minute. What asks for it waits for `ready`. */
  refresh(): void;
  /** Lets others know what was learnt, where it is worth a write. */
  share(): Promise<void>;
};

/** A look-up waits no longer for what others know: asking IGDB would take about as long. */
const readSeconds = 2;
const writeSeconds = 5;
const refreshEveryMs = 60_000;
/** Below, a write waits for more to tell, but not for ever. */
const appsWorthAWrite = 50;
const writeAnythingAfterMs = 5 * 60_000;
/** Somebody else wrote first. */
const maxTries = 3;

export function createSharedMemory(
  object: LookupMemoryObject,
  log: Log,
  { now = Date.now, maxApps = defaultMemory.maxApps } = {},
): SharedMemory {
  const memory = createLookupMemory({ ...defaultMemory, maxApps, now });
  let reading: Promise<void> = Promise.resolve();
  let readAt = Number.NEGATIVE_INFINITY;
  let writtenAt = now();
  let told = 0;
  const attempt = (what: string, seconds: number, work: () => Promise<void>): Promise<void> =>
    within(seconds, work(), () => undefined).catch((error) =>
      log.warn(what, { reason: toPipelineError(error).message }),
    );
  const read = async () => {
    const apps = await object.readIfNew();
    if (apps) memory.absorb(apps);
  };
  return {
    ...memory,
    ready: () => reading,
    refresh() {
      if (now() - readAt < refreshEveryMs) return;
      readAt = now();
      reading = attempt('could not read what others know of apps; they are looked up', readSeconds, read);
    },
    async share() {
      const learnt = memory.learnt();
      const apps = learnt - told;
      if (apps === 0 || (apps < appsWorthAWrite && now() - writtenAt < writeAnythingAfterMs)) return;
      writtenAt = now();
      await attempt(
        'could not keep what was learnt of apps; others look them up too',
        writeSeconds,
        async () => {
          for (let tries = 0; tries < maxTries; tries += 1) {
            if (await object.write(memory.worthKeeping())) {
              told = learnt;
              memory.tellAll();
              return;
            }
            await read();
          }
        },
      );
    },
  };
}
