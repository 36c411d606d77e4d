import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { PipelineError } from '@savepoint/core/errors.ts';
import type { EmbeddedAws, EmbeddedAwsOptions } from './aws.ts';
import type { AwsStarted } from './aws-worker.ts';

/**
 * `startEmbeddedAws` in a thread of its own: it writes to the disk while everybody waits, which is to be nobody but its
 * callers. @throws as `startEmbeddedAws`
 */
export async function startAwsThread(options: EmbeddedAwsOptions): Promise<EmbeddedAws> {
  const worker = new Worker(new URL('./aws-worker.ts', import.meta.url), {
    workerData: options,
    execArgv: ['--import', new URL('../requirements.js', import.meta.url).href],
  });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const unstarted = ended.then(() => Promise.reject(new Error('S3 and SQS ended before they had started.')));
  const [answer] = (await Promise.race([once(worker, 'message'), unstarted])) as [AwsStarted];
  if ('failed' in answer) {
    const { code, message, operatorHint, ...rest } = answer.failed;
    throw new PipelineError(code, message, { ...rest, ...(operatorHint !== undefined && { operatorHint }) });
  }
  return {
    ...answer.started,
    close: async () => {
      worker.postMessage('close');
      await ended;
    },
  };
}
