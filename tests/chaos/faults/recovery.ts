import { setTimeout as delay } from 'node:timers/promises';
import type { DeadLetter } from '@savepoint/core/contracts/dead-letter.ts';
import { maxReceiveCount, stageNames } from '@savepoint/core/topology.ts';
import type { End, Meet, NamedFault } from '../harness/named-fault.ts';
import { reconcileNow } from '../harness/settle.ts';
import type { World } from '../harness/world.ts';
import { status } from './links.ts';

/** What operators do, and too early: while it still goes wrong, beside what is under way, twice at once. */

const everyMs = 250;

/** Again and again until the fault is over. `act` says what it met; beside other faults it may fail. */
function keepDoing(act: () => Promise<number>, met: Meet): End {
  let isOver = false;
  const doing = (async () => {
    while (!isOver) {
      met(await act().catch(() => 0));
      await delay(everyMs);
    }
  })();
  return async () => {
    isOver = true;
    await doing;
  };
}

/** Twice at once. @returns how many dead letters were redriven before, and have failed anew. */
async function redriveAll(world: World): Promise<number> {
  let again = 0;
  for (const stage of stageNames) {
    const { body } = await world.request(`/queues/${stage}/dead-letters`);
    const letters = (body.messages ?? []) as DeadLetter[];
    again += letters.filter(({ attempts }) => attempts > maxReceiveCount).length;
    const redrive = () => world.request(`/queues/${stage}/redrive`, {});
    await Promise.all([redrive(), redrive()]);
  }
  return again;
}

export const recoveryFaults: readonly NamedFault[] = [
  {
    name: 'redriven-while-failing',
    area: 'steam',
    // All attempts twice.
    seconds: 35,
    begin(world, _chance, met) {
      world.upstream.add(
        ({ url }) => (url.pathname.startsWith('/steam/') ? status(403) : null),
        () => undefined,
      );
      return keepDoing(() => redriveAll(world), met);
    },
  },
  {
    name: 'reconciled-beside-work',
    area: 'recovery',
    // It postpones what is under way, and must see it for that.
    begin: (world, _chance, met) =>
      keepDoing(async () => {
        const { queued, postponed } = await reconcileNow(world);
        return queued.length + postponed.length;
      }, met),
  },
];
