import { getPriority, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { systemClock } from '@savepoint/adapters/igdb/clock.ts';
import { createRateLimiter } from '@savepoint/adapters/igdb/rate-limiter.ts';
import { createSqsClient } from '@savepoint/adapters/sqs/client.ts';
import { answerSearch, type SearchAnswer } from '@savepoint/core/operations/search-games.ts';
import { igdbLimits } from '@savepoint/core/topology.ts';
import { createIgdbSearch } from '@savepoint/functions/igdb-search.ts';
import type { Log, LogFields } from '@savepoint/functions/runtime/log.ts';
import { createFunctionEnv, type FunctionSettings } from './function-env.ts';
import type { Provisioned } from './provision.ts';
import { startStages } from './stages.ts';

/** What runs in the thread of `stages-thread.ts`. */

export type StagesWork = { settings: FunctionSettings; apiUrl: string; queues: Provisioned['queues'] };

export type ToStages =
  | { kind: 'start'; work: StagesWork }
  | { kind: 'search'; id: number; payload: unknown }
  | { kind: 'stop' };

export type StagesMessage =
  | { kind: 'log'; level: keyof Log; message: string; fields: LogFields | undefined }
  | { kind: 'measured'; service: string; values: Readonly<Record<string, number>> }
  | { kind: 'found'; id: number; answer: SearchAnswer }
  | { kind: 'stopped' };

/** A third of the processor's share of others: enough on a busy machine. */
const nicer = 5;
const nicest = 19;
// Somebody waits for the API, and nobody for a stage's next millisecond. Linux takes this for the thread alone; elsewhere
// it would be about the whole process. Nicer than one was started everybody may be, and less nice only root.
if (process.platform === 'linux')
  try {
    setPriority(Math.min(getPriority() + nicer, nicest));
  } catch {
    // A sandbox may forbid the call; it all works without.
  }

const port = parentPort!;
const send = (message: StagesMessage) => port.postMessage(message);
const logAt =
  (level: keyof Log) =>
  (message: string, fields?: LogFields): void =>
    send({ kind: 'log', level, message, fields });
const log: Log = {
  debug: logAt('debug'),
  info: logAt('info'),
  warn: logAt('warn'),
  error: logAt('error'),
};

type Running = Pick<ReturnType<typeof startStages>, 'close'> & {
  search: ReturnType<typeof createIgdbSearch>;
};
const running = Promise.withResolvers<Running>();

function start({ settings, apiUrl, queues }: StagesWork): Running {
  const env = { ...createFunctionEnv(settings), apiUrl };
  // All that asks IGDB shares this thread, and so its whole limit.
  const limiter = createRateLimiter(igdbLimits, systemClock);
  const stages = startStages(env, log, createSqsClient(env.aws), { queues }, limiter, {
    put: (service, values) => send({ kind: 'measured', service, values }),
  });
  return { close: stages.close, search: createIgdbSearch(env, limiter) };
}

port.on('message', async (message: ToStages) => {
  if (message.kind === 'start') {
    running.resolve(start(message.work));
    return;
  }
  const { search, close } = await running.promise;
  if (message.kind === 'search') {
    send({ kind: 'found', id: message.id, answer: await answerSearch(search, message.payload) });
    return;
  }
  await close();
  send({ kind: 'stopped' });
});
