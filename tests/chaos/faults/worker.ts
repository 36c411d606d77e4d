import { setTimeout as delay } from 'node:timers/promises';
import type { Meet, NamedFault } from '../harness/named-fault.ts';
import type { World } from '../harness/world.ts';
import { isPutOf, keyOf, operationOf, stageOfQueue } from './links.ts';

/** What becomes of whoever works on messages. */

/** Kills what runs, once, and starts it again. @returns resolves when it runs again; at once where nothing was killed. */
function killOnce(world: World, met: Meet) {
  let restarted: Promise<unknown> | undefined;
  return {
    now: () => {
      const running = world.stacks.find(({ isRunning }) => isRunning());
      if (restarted || !running) return;
      met();
      restarted = running.kill().then(world.startStack);
      restarted.catch(() => undefined);
    },
    over: async () => void (await restarted),
  };
}

const killedAt = (name: string, arm: (world: World, kill: () => void) => void): NamedFault => ({
  name: `killed-${name}`,
  area: 'worker',
  inProcess: true,
  seconds: 6,
  begin(world, _chance, met) {
    const { now, over } = killOnce(world, met);
    arm(world, now);
    return over;
  },
});

const atRequest =
  (matches: (request: Parameters<typeof operationOf>[0]) => boolean, isDone: boolean) =>
  (world: World, kill: () => void): void => {
    let met = false;
    world.aws.add((request) => {
      if (met || !matches(request)) return null;
      return async (_request, pass) => {
        met = true;
        if (isDone) await pass();
        kill();
        return 'reset';
      };
    });
  };

export const workerFaults: readonly NamedFault[] = [
  killedAt('before-commit', (world, kill) =>
    world.database.tap((bytes) => {
      if (!/commit/i.test(bytes.toString('latin1'))) return true;
      world.database.tap(null);
      kill();
      return false;
    }),
  ),
  killedAt(
    'before-acknowledgement',
    atRequest(
      (request) => operationOf(request) === 'DeleteMessage' && stageOfQueue(request) === 'database-import',
      false,
    ),
  ),
  killedAt('in-upload', atRequest(isPutOf('enriched/'), false)),
  killedAt('after-upload', atRequest(isPutOf('raw/'), true)),
  killedAt(
    'before-status',
    atRequest((request) => isPutOf('status/')(request) && keyOf(request).includes('database-import'), false),
  ),
  {
    name: 'killed-at-random',
    area: 'worker',
    inProcess: true,
    async begin(world, chance, met) {
      await delay(chance.between(300, 2500));
      const { now, over } = killOnce(world, met);
      now();
      return over;
    },
  },
  {
    // Longer than its messages are hidden: another one has done its work when it goes on.
    name: 'frozen-and-thawed',
    area: 'worker',
    inProcess: true,
    seconds: 17,
    async begin(world, chance, met) {
      await delay(chance.between(200, 1500));
      const [frozen] = world.stacks;
      met();
      frozen!.signal('SIGSTOP');
      const another = world.startStack();
      return async () => {
        await another;
        frozen!.signal('SIGCONT');
      };
    },
  },
  {
    name: 'restarted-with-care',
    area: 'recovery',
    async begin(world, chance, met) {
      await delay(chance.between(200, 1500));
      met();
      await world.stacks[0]!.close();
      const another = world.startStack();
      return async () => void (await another);
    },
  },
  {
    name: 'two-stacks',
    area: 'recovery',
    begin(world, _chance, met) {
      met();
      const another = world.startStack();
      return async () => void (await another);
    },
  },
];
