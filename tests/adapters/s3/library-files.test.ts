import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { S3Client } from '@aws-sdk/client-s3';
import { createBucket } from '@savepoint/adapters/s3/bucket.ts';
import { createLibraryFiles } from '@savepoint/adapters/s3/library-files.ts';
import { type LibraryKey, libraryKeyOf, printLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import type { LibraryFiles } from '@savepoint/core/stages/library-files.ts';
import { connectAws } from '../../support/aws.ts';
import { collect } from '../../support/bytes.ts';
import { failureOf } from '../../support/failure.ts';
import { bucket, type PipelineAws, startPipelineAws } from '../../support/pipeline-aws.ts';

let aws: PipelineAws;
beforeAll(async () => {
  aws = await startPipelineAws();
});
afterAll(() => aws.close());

const key = libraryKeyOf('enriched', '76561197960287930-20261123T043000123Z');
const textOf = async (chunks: AsyncIterable<Uint8Array>) => Buffer.concat(await collect(chunks)).toString();
const mebibyte = 1024 * 1024;

const libraryOf = (name: string) => libraryKeyOf('enriched', `76561197960287930-${name}`);

/** Writes so many lines, and then finishes the file or, as the stage does after a failure, takes it back. */
async function writeLines(
  files: LibraryFiles,
  key: LibraryKey,
  count: number,
  line: string,
  end: 'finish' | 'discard',
) {
  const writer = await files.createLibrary(key, { rejectedRows: 0, askedAgain: false });
  for (let index = 0; index < count; index += 1) await writer.write(line);
  await writer[end]();
}

/** @returns what stops the record and gives the names of the commands sent since. */
function recordCommands(s3: S3Client): () => string[] {
  const names: string[] = [];
  s3.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        names.push(String(commandName));
        return next(args);
      },
    { step: 'initialize', name: 'record' },
  );
  return () => {
    s3.middlewareStack.remove('record');
    return names;
  };
}

test('a library is read as it was put', async () => {
  const files = createLibraryFiles(aws.bucket);
  await files.putLibrary(key, 'appid\n漢🎮\n');
  expect(await textOf(await files.openLibrary(key))).toBe('appid\n漢🎮\n');
});

test('a missing object is a permanent failure that names it', async () => {
  const files = createLibraryFiles(aws.bucket);
  expect(
    await failureOf(() => files.openLibrary(libraryKeyOf('raw', '76561197960287930-none'))),
  ).toMatchObject({
    code: 'OBJECT_NOT_FOUND',
    retryable: false,
    message: expect.stringContaining('raw/steam-library-76561197960287930-none.csv'),
  });
});

test('a missing bucket is for the operator to mend, and the work is tried again', async () => {
  const files = createLibraryFiles(createBucket(aws.s3, 'no-such-bucket'));
  for (const work of [
    () => files.openLibrary(key),
    () => files.putLibrary(key, 'x'),
    () => writeLines(files, key, 1, 'x', 'finish'),
  ])
    expect(await failureOf(work)).toMatchObject({ code: 'STORAGE_UNAVAILABLE', retryable: true });
});

test('a file of the size limit is read, and one byte more is refused before it is', async () => {
  const files = createLibraryFiles(aws.bucket, mebibyte);
  await files.putLibrary(key, 'x'.repeat(mebibyte));
  expect((await textOf(await files.openLibrary(key))).length).toBe(mebibyte);
  await files.putLibrary(key, 'x'.repeat(mebibyte + 1));
  expect(await failureOf(() => files.openLibrary(key))).toMatchObject({
    code: 'FILE_TOO_LARGE',
    retryable: false,
    message: expect.stringContaining('may have 1 MiB'),
  });
});

/** Passes requests on, and cuts the connection after the first `bytes` of an answer. */
async function withCuttingProxy(bytes: number, use: (endpoint: string) => Promise<void>): Promise<void> {
  const proxy = createServer((incoming, outgoing) => {
    const { hostname, port } = new URL(aws.endpoint);
    const forwarded = request(
      { hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        let left = bytes;
        answer.on('data', (chunk: Buffer) => {
          outgoing.write(chunk.subarray(0, left));
          left -= chunk.length;
          if (left <= 0 && left + chunk.length > 0) outgoing.socket?.destroySoon();
        });
      },
    );
    incoming.pipe(forwarded);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
  } finally {
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  }
}

test('a connection that breaks while a file is read is a failure of the storage, not of the file', async () => {
  await createLibraryFiles(aws.bucket).putLibrary(key, 'x'.repeat(2 * mebibyte));
  await withCuttingProxy(mebibyte, async (endpoint) => {
    const { s3, sqs } = connectAws(endpoint);
    const files = createLibraryFiles(createBucket(s3, bucket));
    const failure = await failureOf(async () => textOf(await files.openLibrary(key)));
    expect(failure).toMatchObject({ code: 'STORAGE_UNAVAILABLE', retryable: true });
    s3.destroy();
    sqs.destroy();
  });
});

test.each([
  ['within one part', 10],
  ['in several parts', 13],
])('a streamed file %s appears whole', async (_what, mebibytes) => {
  const files = createLibraryFiles(aws.bucket);
  const target = libraryOf(`streamed-${mebibytes}`);
  const line = `${'é'.repeat(32 * 1024 - 1)}\n`;
  await writeLines(files, target, mebibytes * 16, line, 'finish');
  expect((await aws.get(printLibraryKey(target))) === line.repeat(mebibytes * 16)).toBe(true);
});

test.each([
  ['at once', 0],
  ['within the first part', 16],
  ['after several parts', 16 * 12],
])('a file that is taken back %s does not appear, and leaves no parts behind', async (_what, count) => {
  const files = createLibraryFiles(aws.bucket);
  const target = libraryOf(`failed-${count}`);
  const uploads = recordCommands(aws.s3);
  await writeLines(files, target, count, 'x'.repeat(64 * 1024), 'discard');
  expect(await aws.exists(printLibraryKey(target))).toBe(false);
  const commands = uploads();
  expect(commands.filter((name) => name === 'AbortMultipartUploadCommand')).toHaveLength(
    commands.filter((name) => name === 'CreateMultipartUploadCommand').length,
  );
  expect(commands).not.toContain('CompleteMultipartUploadCommand');
});

test('a file that is taken back while it is written anew leaves the old one as it was', async () => {
  const files = createLibraryFiles(aws.bucket);
  const target = libraryOf('kept');
  await files.putLibrary(target, 'old');
  await writeLines(files, target, 200, 'x'.repeat(64 * 1024), 'discard');
  expect(await aws.get(printLibraryKey(target))).toBe('old');
});

test('the rows that a file lacks are noted with it, and that its apps were asked for again', async () => {
  const files = createLibraryFiles(aws.bucket);
  const target = libraryOf('rejected');
  const writer = await files.createLibrary(target, { rejectedRows: 7, askedAgain: true });
  await writer.finish();
  expect(await files.notesOf(target)).toEqual({ rejectedRows: 7, askedAgain: true });
  await files.putLibrary(target, 'dropped');
  expect(await files.notesOf(target)).toEqual({ rejectedRows: 0, askedAgain: false });
});

test('a file that is put whole notes what it lacks too', async () => {
  const files = createLibraryFiles(aws.bucket);
  await files.putLibrary(key, 'appid\n620\n', 2);
  expect(await files.notesOf(key)).toEqual({ rejectedRows: 2, askedAgain: false });
  await files.putLibrary(key, 'appid\n620\n');
  expect(await files.notesOf(key)).toEqual({ rejectedRows: 0, askedAgain: false });
});
