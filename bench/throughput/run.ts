import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  accountOwning,
  startSimulators,
  syntheticCatalogue,
} from '@savepoint/simulators/start-simulators.ts';
import { readStackFile } from '@savepoint/local/stack-file.ts';
import type { Measure } from '../bench.ts';
import { count, seconds } from '../report.ts';
import { withStarted } from '../waiting/programs.ts';
import { importAll, latencyMs, variablesFor } from '../waiting/stack-under-load.ts';
import { appsEach, libraries, names } from './figures.ts';

const catalogueApps = 2000;
const sampleEveryMs = 500;

/**
 * The stack runs in a process of its own, as `npm start` runs it; Steam, IGDB and those who post are in this one. The
 * first person's library holds all apps, so that the other libraries ask IGDB nothing.
 */
export const measure: Measure = async ({ quick, tell }) => {
  const people = quick ? libraries.quick : libraries.full;
  const catalogue = syntheticCatalogue({ apps: catalogueApps, knownByUid: 1, knownByName: 0 });
  const owned = catalogue.apps.filter(({ free }) => !free);
  const account = (index: number, from: number, to: number) =>
    accountOwning({ steamId: String(76561202255100000n + BigInt(index)) }, owned.slice(from, to));
  const first = account(0, 0, owned.length);
  const others = Array.from({ length: people }, (_, index) => {
    const from = (index * 89) % (owned.length - appsEach);
    return account(index + 1, from, from + appsEach);
  });
  const simulators = await startSimulators({ catalogue, accounts: [first, ...others], latencyMs });
  const dataDir = mkdtempSync(join(tmpdir(), 'savepoint-bench-'));
  try {
    tell('a first library, of all apps');
    return await withStarted(
      dataDir,
      { ...variablesFor(simulators), LOG_LEVEL: 'WARN' },
      async (_ready, { pid }) => {
        const file = readStackFile(dataDir)!;
        const stack = { apiUrl: file.api_url, databaseUrl: file.database_url };
        await importAll(stack, [first.steamId]);
        tell(`${count(people)} libraries of ${appsEach} known apps at once`);
        const watch = watchQueues(stack.apiUrl);
        const processorBefore = processorSeconds(pid!);
        const elapsed = await importAll(
          stack,
          others.map(({ steamId }) => steamId),
        );
        const processorMs = Math.round((1000 * (processorSeconds(pid!) - processorBefore)) / people);
        const longest = await watch.stop();
        return {
          measured: {
            [names.rate]: {
              value: people / elapsed,
              detail: `${count(people)} in ${seconds(elapsed)}, ${processorMs} ms of processor each; the longest queue: ${longest}`,
            },
          },
        };
      },
    );
  } finally {
    await simulators.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
};

/** Of all threads of a process, so far; in Linux, where the clock ticks a hundred times a second. Elsewhere NaN. */
function processorSeconds(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN;
  }
}

/** Looks where messages wait. `stop` names the stage whose queue was the longest most of the time. */
function watchQueues(apiUrl: string) {
  const wins = new Map<string, number>();
  let samples = 0;
  const stopping = new AbortController();
  const watching = (async () => {
    while (!stopping.signal.aborted) {
      await delay(sampleEveryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      const { queues } = (await (
        await fetch(`${apiUrl}/queues`, { headers: { connection: 'close' } })
      ).json()) as {
        queues: { stage: string; waiting: number }[];
      };
      const [longest] = queues.toSorted((a, b) => b.waiting - a.waiting);
      if (!longest || longest.waiting === 0) continue;
      samples += 1;
      wins.set(longest.stage, (wins.get(longest.stage) ?? 0) + 1);
    }
  })();
  return {
    async stop(): Promise<string> {
      stopping.abort();
      await watching;
      const [most] = [...wins].toSorted(([, a], [, b]) => b - a);
      return most ? `${most[0]}, ${Math.round((100 * most[1]) / samples)} % of the time` : 'none';
    },
  };
}
