import type { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { libraryFileLimitBytes } from '@savepoint/core/topology.ts';
import { objectLimits } from '../limits.ts';
import type { Bucket, OpenObject, StoredObject } from './bucket.ts';
import { readBody } from './object-body.ts';
import { orNull, type S3Calls } from './s3-calls.ts';

export type WholeObject = { bytes: Uint8Array; eTag: string | undefined };
export type ObjectReading = Pick<Bucket, 'open' | 'read' | 'readBytes' | 'head'> & {
  readWhole(key: string, maxBytes?: number): Promise<WholeObject | null>;
};

export function createObjectReading({ at, inTime, patience }: S3Calls): ObjectReading {
  const open = (key: string, maxBytes: number = libraryFileLimitBytes): Promise<OpenObject | null> =>
    orNull(key, async () => {
      const object = await inTime((s3, options) => s3.send(new GetObjectCommand(at(key)), options));
      const body = object.Body as Readable;
      return {
        ...describe(object),
        body: readBody(body, { key, maxBytes, patience }),
        discard: () => void body.destroy(),
      };
    });
  const readWhole = async (key: string, maxBytes: number = objectLimits.text) => {
    const object = await open(key, maxBytes);
    return object && { bytes: await bytesOf(object.body), eTag: object.eTag };
  };
  return {
    open,
    readWhole,
    async read(key, maxBytes) {
      const object = await readWhole(key, maxBytes);
      return object && lossyText(object.bytes);
    },
    readBytes: async (key, maxBytes) => (await readWhole(key, maxBytes))?.bytes ?? null,
    head: (key) =>
      orNull(key, async () =>
        describe(await inTime((s3, options) => s3.send(new HeadObjectCommand(at(key)), options))),
      ),
  };
}

const describe = (object: {
  ContentLength?: number | undefined;
  LastModified?: Date | undefined;
  ETag?: string | undefined;
  Metadata?: Record<string, string> | undefined;
}): StoredObject => ({
  sizeBytes: object.ContentLength ?? 0,
  writtenAt: object.LastModified ?? new Date(0),
  eTag: object.ETag,
  metadata: object.Metadata ?? {},
});

/** What is no UTF-8 is lost. */
export const lossyText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
