import { PipelineError, StorageError } from '@savepoint/core/errors.ts';

/** Any failure of SQS; the call may be made again. */
export function toQueueError(error: unknown, queue: string): PipelineError {
  if (error instanceof PipelineError) return error;
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new StorageError(
    'QUEUE_UNAVAILABLE',
    'A queue did not answer as it should; try again in a moment.',
    {
      retryable: true,
      operatorHint: 'Look at the queue, the permissions of the function and the state of SQS.',
      details: { queue, reason },
      cause: error,
    },
  );
}
