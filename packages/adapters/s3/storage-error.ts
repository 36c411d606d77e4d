import { S3ServiceException } from '@aws-sdk/client-s3';
import { PipelineError, StorageError } from '@savepoint/core/errors.ts';

/** Whether S3 said that there is no such object. HEAD answers have no body, so only the status tells. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof S3ServiceException &&
  (error.name === 'NoSuchKey' || error.$metadata.httpStatusCode === 404) &&
  error.name !== 'NoSuchBucket' &&
  error.name !== 'NoSuchUpload';

/** Whether a conditional write lost against another writer (412), or met one at work (409). */
export const isPreconditionFailed = (error: unknown): boolean =>
  error instanceof S3ServiceException &&
  (error.$metadata.httpStatusCode === 412 || error.$metadata.httpStatusCode === 409);

export const objectNotFound = (key: string): StorageError =>
  new StorageError(
    'OBJECT_NOT_FOUND',
    `There is no object “${key}”: it was deleted, has expired or was never written.`,
    { retryable: false, details: { key } },
  );

/** Any failure of S3 as a StorageError; only a missing object is permanent. */
export function toStorageError(error: unknown, key: string): PipelineError {
  if (error instanceof PipelineError) return error;
  if (isNotFound(error)) return objectNotFound(key);
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new StorageError(
    'STORAGE_UNAVAILABLE',
    'The storage did not answer as it should; it will be tried again.',
    {
      retryable: true,
      operatorHint: 'Look at the bucket, the permissions of the function and the state of S3.',
      details: { key, reason },
      cause: error,
    },
  );
}
