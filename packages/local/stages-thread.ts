import { Worker } from 'node:worker_threads';
import { PipelineError } from '@savepoint/core/errors.ts';
import { type SearchGames, searchElsewhere } from '@savepoint/core/operations/search-games.ts';
import type { Log } from '@savepoint/functions/runtime/log.ts';
import type { Metrics } from '@savepoint/functions/runtime/metrics.ts';
import type { StagesMessage, StagesWork, ToStages } from './stages-worker.ts';

/**
 * The stages in a thread of their own, as Lambda runs them apart from the API: it answers at once, however much there is
 * to match and to load.
 */
export type StagesThread = {
  /** Waits for `start`, as an import does. */
  search: SearchGames;
  /** Sets the stages to work, once; `close` resolves when what they have in hand is finished. */
  start(work: StagesWork, hears: { log: Log; metrics: Metrics }): { close(): Promise<void> };
  /** Ends the thread, whatever it does. */
  close(): Promise<void>;
};

/** Loads its code at once, while others start what it needs. An error that nobody caught ends this process, too. */
export function startStagesThread(): StagesThread {
  const worker = new Worker(new URL('./stages-worker.ts', import.meta.url), {
    execArgv: ['--import', new URL('./requirements.js', import.meta.url).href],
  });
  const send = (message: ToStages) => worker.postMessage(message);
  const stopped = Promise.withResolvers<void>();
  const searches = new Map<number, PromiseWithResolvers<unknown>>();
  let asked = 0;
  const hear = (message: StagesMessage, { log, metrics }: { log: Log; metrics: Metrics }) => {
    if (message.kind === 'log') log[message.level](message.message, message.fields);
    else if (message.kind === 'measured') metrics.put(message.service, message.values);
    else if (message.kind === 'stopped') stopped.resolve();
    else {
      searches.get(message.id)?.resolve(message.answer);
      searches.delete(message.id);
    }
  };
  worker.on('exit', () => {
    stopped.resolve();
    for (const search of searches.values()) search.reject(ended());
    searches.clear();
  });
  return {
    search: searchElsewhere((payload) => {
      const answer = Promise.withResolvers<unknown>();
      asked += 1;
      searches.set(asked, answer);
      send({ kind: 'search', id: asked, payload });
      return answer.promise;
    }),
    start(work, hears) {
      worker.on('message', (message: StagesMessage) => hear(message, hears));
      send({ kind: 'start', work });
      return {
        close: async () => {
          send({ kind: 'stop' });
          await stopped.promise;
        },
      };
    },
    close: async () => void (await worker.terminate()),
  };
}

const ended = () =>
  new PipelineError('FUNCTION_UNAVAILABLE', 'The pipeline is being stopped.', { retryable: true });
