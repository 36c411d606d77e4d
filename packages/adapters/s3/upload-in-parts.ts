import { Readable } from 'node:stream';
import type { PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';

/** Uploads lines while they are made; the object appears only when all of them are there. */
export async function uploadInParts(
  client: S3Client,
  params: Omit<PutObjectCommandInput, 'Body'>,
  lines: AsyncIterable<string>,
): Promise<void> {
  const body = Readable.from(encode(lines), { objectMode: false, highWaterMark: 256 * 1024 });
  // A part is 5 MiB, and its copies stay in memory until the garbage collector comes by.
  await new Upload({ client, params: { ...params, Body: body }, queueSize: 1 }).done();
}

async function* encode(lines: AsyncIterable<string>): AsyncGenerator<Buffer> {
  for await (const line of lines) yield Buffer.from(line);
}
