import { setTimeout as delay } from 'node:timers/promises';
import { type StageName, stageNames } from '@savepoint/core/topology.ts';
import type { Chance } from '../harness/chance.ts';
import { type Lambda, startLambda } from '../harness/lambda.ts';
import type { Meet, NamedFault } from '../harness/named-fault.ts';
import type { Sandbox } from '../harness/sandbox.ts';
import type { World } from '../harness/world.ts';
import { isPutOf, keyOf, operationOf, status } from './links.ts';

/** What Lambda does to the functions that it runs. */

const hourMs = 3_600_000;
const uncounted = () => undefined;

/** Resolves when the sandbox is past noticing. */
type Strike = (sandbox: Sandbox, stage: StageName) => Promise<unknown>;

/** In the midst of each stage's work, once: what its function sent just then is never answered. */
function inTheMidst(world: World, chance: Chance, lambda: Lambda, met: Meet, strike: Strike): void {
  const left = new Set<StageName>(stageNames);
  const early = new Set(stageNames.filter(() => chance.happens(0.5)));
  const isDone = chance.happens(0.5);
  const strikeAt = (stage: StageName | undefined): Promise<unknown> | null => {
    const sandbox = stage && lambda.atWork(stage);
    if (!sandbox || !left.delete(stage)) return null;
    met();
    return strike(sandbox, stage);
  };
  world.upstream.add(({ url }) => {
    const asker = url.pathname.startsWith('/igdb/') ? 'igdb-enrichment' : 'steam-import';
    const isIts = asker !== 'steam-import' || url.pathname.includes('GetOwnedGames');
    const struck = isIts && early.has(asker) ? strikeAt(asker) : null;
    return struck && (() => struck.then(() => 'reset' as const));
  }, uncounted);
  const results = {
    'raw/': 'steam-import',
    'enriched/': 'igdb-enrichment',
    'exports/': 'database-import',
  } as const;
  world.aws.add((request) => {
    const writer = Object.entries(results).find(([prefix]) => isPutOf(prefix)(request))?.[1];
    const struck = writer && !early.has(writer) ? strikeAt(writer) : null;
    return (
      struck &&
      (async (_request, pass) => {
        if (isDone) await pass();
        await struck;
        return 'reset';
      })
    );
  }, uncounted);
  world.database.tap((bytes) => {
    if (!early.has('database-import') || !/commit/i.test(bytes.toString('latin1'))) return true;
    return strikeAt('database-import') ? 'held' : true;
  });
}

/** Each function comes to its end once, in the midst of its work. */
const ended = (name: string, strike: Strike): NamedFault => ({
  name: `lambda-${name}`,
  area: 'worker',
  seconds: 30,
  async begin(world, chance, met) {
    const lambda = await startLambda(world);
    inTheMidst(world, chance, lambda, met, strike);
    return async () => {
      world.database.tap(null);
      await lambda.close();
    };
  },
});

function breakConnections({ aws, upstream, database }: World): void {
  aws.breakConnections();
  upstream.breakConnections();
  database.cut();
  database.mend();
}

export const lambdaFaults: readonly NamedFault[] = [
  // Its minutes, cut short.
  ended('times-out', async (sandbox) => {
    await delay(1500);
    await sandbox.kill();
  }),
  ended('out-of-memory', (sandbox) => sandbox.exhaustMemory()),
  {
    // While it was frozen another one did its work, and everything it was connected to is gone.
    name: 'lambda-frozen-for-an-hour',
    area: 'worker',
    seconds: 30,
    async begin(world, chance, met) {
      const frozen: Sandbox[] = [];
      const thawed = Promise.withResolvers<void>();
      // For all functions it is an hour earlier until then: no stage is to begin before the one that it follows.
      const called = new Set<Sandbox>();
      const lambda = await startLambda(world, {
        beforeCall(sandbox) {
          if (!called.has(sandbox)) sandbox.setBehind(hourMs);
          called.add(sandbox);
        },
      });
      inTheMidst(world, chance, lambda, met, (sandbox, stage) => {
        sandbox.freeze();
        frozen.push(sandbox);
        lambda.lose(stage);
        return thawed.promise;
      });
      return async () => {
        world.database.tap(null);
        breakConnections(world);
        for (const sandbox of called) sandbox.setBehind(0);
        for (const sandbox of frozen) sandbox.thaw();
        thawed.resolve();
        await delay(4000);
        await lambda.close();
      };
    },
  },
  {
    // Between two events, as Lambda freezes them.
    name: 'lambda-thawed-after-an-hour',
    area: 'worker',
    seconds: 15,
    async begin(world, _chance, met) {
      const lambda = await startLambda(world, {
        batchSize: 2,
        async beforeCall(sandbox, _stage, calls) {
          if (calls === 0) sandbox.setBehind(hourMs);
          if (calls !== 1) return;
          met();
          sandbox.freeze();
          breakConnections(world);
          await delay(300);
          sandbox.setBehind(0);
          sandbox.thaw();
        },
      });
      return lambda.close;
    },
  },
  {
    name: 'lambda-throttled',
    area: 'worker',
    seconds: 15,
    async begin(world, _chance, met) {
      let until = Number.POSITIVE_INFINITY;
      const lambda = await startLambda(world, {
        isThrottled({ length }) {
          const isThrottled = Date.now() < until;
          if (isThrottled) met(length);
          return isThrottled;
        },
      });
      until = Date.now() + 6000;
      return lambda.close;
    },
  },
  {
    // One file of a batch cannot be read; the others are done, and are not to come again.
    name: 'lambda-fails-in-part',
    area: 'worker',
    seconds: 15,
    async begin(world, _chance, met) {
      let unreadable: string | undefined;
      world.aws.add((request) => {
        if (operationOf(request) !== 'GetObject' || !keyOf(request).startsWith('raw/')) return null;
        unreadable ??= keyOf(request);
        return keyOf(request) === unreadable ? status(503) : null;
      }, uncounted);
      const lambda = await startLambda(world, {
        windowMs: 3000,
        seeAnswer({ length }, answer) {
          const { batchItemFailures: failed } = answer as { batchItemFailures: unknown[] };
          if (failed.length > 0 && failed.length < length) met();
          return true;
        },
      });
      return lambda.close;
    },
  },
  {
    name: 'lambda-answer-lost',
    area: 'worker',
    seconds: 15,
    async begin(world, _chance, met) {
      let left = 4;
      const lambda = await startLambda(world, {
        seeAnswer() {
          left -= 1;
          if (left >= 0) met();
          return left < 0;
        },
      });
      return lambda.close;
    },
  },
];
