import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { within } from '../within.ts';
import type { ObjectWriter } from './bucket.ts';
import { toStorageError } from './storage-error.ts';

const bufferedBytes = 256 * 1024;
/** For a part of 5 MiB with all its tries, which the client limits, and for the answer behind it. */
const stepSeconds = 90;

/** An upload that begins now; the object appears only when it is finished. */
export function uploadInParts(
  client: S3Client,
  params: Omit<PutObjectCommandInput, 'Body'> & { Key: string },
): ObjectWriter {
  const body = new PassThrough({ highWaterMark: bufferedBytes });
  // A part is 5 MiB, and its copies stay in memory until the garbage collector comes by.
  const upload = new Upload({ client, params: { ...params, Body: body }, queueSize: 1 });
  const done = upload.done().catch((error) => {
    // Whoever waits for room in the body would wait for ever.
    body.destroy();
    throw toStorageError(error, params.Key);
  });
  done.catch(() => undefined);
  const inTime = (step: Promise<unknown>) =>
    within(stepSeconds, step, () => void upload.abort()).catch((error) =>
      Promise.reject(toStorageError(error, params.Key)),
    );
  return {
    async write(text) {
      if (body.destroyed) await done;
      if (!body.write(text)) await inTime(Promise.race([once(body, 'drain'), done]));
    },
    async finish() {
      body.end();
      await inTime(done);
    },
    async discard() {
      await upload.abort().catch(() => undefined);
      body.destroy();
      await done.catch(() => undefined);
    },
  };
}
