import { once } from 'node:events';
import { parentPort, Worker, workerData } from 'node:worker_threads';

/** Asks an address at a fixed pace, in a thread that nothing else holds up. */
export type Prober = {
  /** How long each call took that was answered, or given up, during `work`, in milliseconds. */
  during(work: () => Promise<unknown>): Promise<number[]>;
  close(): Promise<unknown>;
};

const askedEachMs = 25;

export async function startProber(url: string): Promise<Prober> {
  const prober = new Worker(import.meta.filename, { workerData: url });
  await once(prober, 'online');
  const take = async () => {
    prober.postMessage('take');
    const [values] = (await once(prober, 'message')) as [number[]];
    return values;
  };
  return {
    async during(work) {
      await take();
      await work();
      return take();
    },
    close: () => prober.terminate(),
  };
}

if (parentPort !== null) {
  let values: number[] = [];
  setInterval(async () => {
    const startedAt = performance.now();
    const answer = await fetch(workerData as string, { signal: AbortSignal.timeout(20_000) }).catch(
      () => undefined,
    );
    await answer?.arrayBuffer();
    values.push(performance.now() - startedAt);
  }, askedEachMs);
  parentPort.on('message', () => {
    parentPort!.postMessage(values);
    values = [];
  });
}
