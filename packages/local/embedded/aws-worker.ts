import { parentPort, workerData } from 'node:worker_threads';
import { PipelineError } from '@savepoint/core/errors.ts';
import { type EmbeddedAws, type EmbeddedAwsOptions, startEmbeddedAws } from './aws.ts';

/** What runs in the thread of `aws-thread.ts`. Whatever it hears, it ends. */

/** How the start went; an error as what another thread can make one of again. */
export type AwsStarted =
  | { started: Omit<EmbeddedAws, 'close'> }
  | { failed: Pick<PipelineError, 'code' | 'message' | 'retryable' | 'operatorHint' | 'details'> };

const port = parentPort!;
const send = (message: AwsStarted) => port.postMessage(message);

try {
  const { close, ...started } = await startEmbeddedAws(workerData as EmbeddedAwsOptions);
  port.once('message', () => void close().then(() => port.close()));
  send({ started });
} catch (error) {
  if (!(error instanceof PipelineError)) throw error;
  const { code, message, retryable, operatorHint, details } = error;
  send({ failed: { code, message, retryable, operatorHint, details } });
  port.close();
}
