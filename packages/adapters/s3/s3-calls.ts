import type { S3Client } from '@aws-sdk/client-s3';
import { within } from '../within.ts';
import type { BodyPatience } from './object-body.ts';
import { isNotFound, toStorageError } from './storage-error.ts';

/** How long a call may take, with all its tries and all of its answer; and a body, whose reader takes its time. */
export type BucketPatience = BodyPatience & { callSeconds: number };
export const defaultPatience: BucketPatience = { callSeconds: 70, idleSeconds: 10, bodySeconds: 60 };

type Send<Value> = (s3: S3Client, options: { abortSignal: AbortSignal }) => Promise<Value>;

/** One bucket, and a way to ask S3 about it that has an end. */
export type S3Calls = {
  s3: S3Client;
  name: string;
  patience: BucketPatience;
  at(key: string): { Bucket: string; Key: string };
  /** The client's own limit ends where the answer begins; this one holds to its end. */
  inTime<Value>(send: Send<Value>): Promise<Value>;
};

export const createS3Calls = (s3: S3Client, name: string, patience: BucketPatience): S3Calls => ({
  s3,
  name,
  patience,
  at: (Key) => ({ Bucket: name, Key }),
  inTime(send) {
    const stop = new AbortController();
    return within(patience.callSeconds, send(s3, { abortSignal: stop.signal }), () => stop.abort());
  },
});

/** Null where there is no such object. @throws StorageError */
export async function orNull<Value>(key: string, ask: () => Promise<Value>): Promise<Value | null> {
  try {
    return await ask();
  } catch (error) {
    if (isNotFound(error)) return null;
    throw toStorageError(error, key);
  }
}

/** @throws StorageError */
export const asStorageError = <Value>(key: string, asking: Promise<Value>): Promise<Value> =>
  asking.catch((error) => Promise.reject(toStorageError(error, key)));
