import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { S3Client } from '@aws-sdk/client-s3';
import { createLibraryFiles } from '@savepoint/adapters/s3/library-files.ts';
import { ValidationError } from '@savepoint/core/errors.ts';
import { connectAws } from '../../support/aws.ts';
import { collect } from '../../support/bytes.ts';
import { failureOf } from '../../support/failure.ts';
import { bucket, type PipelineAws, startPipelineAws } from '../../support/pipeline-aws.ts';

let aws: PipelineAws;
beforeAll(async () => {
  aws = await startPipelineAws();
});
afterAll(() => aws.close());

const key = 'state/library.csv';
const textOf = async (chunks: AsyncIterable<Uint8Array>) => Buffer.concat(await collect(chunks)).toString();
const mebibyte = 1024 * 1024;

async function* lines(count: number, line: string, failure?: Error) {
  for (let index = 0; index < count; index += 1) yield line;
  if (failure) throw failure;
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
  const files = createLibraryFiles(aws.s3, bucket);
  await files.putLibrary(key, 'appid\n漢🎮\n');
  expect(await textOf(await files.openLibrary(key))).toBe('appid\n漢🎮\n');
});

test('a missing object is a permanent failure that names it', async () => {
  const files = createLibraryFiles(aws.s3, bucket);
  expect(await failureOf(() => files.openLibrary('raw/none.csv'))).toMatchObject({
    code: 'OBJECT_NOT_FOUND',
    retryable: false,
    message: expect.stringContaining('raw/none.csv'),
  });
});

test('a missing bucket is for the operator to mend, and the work is tried again', async () => {
  const files = createLibraryFiles(aws.s3, 'no-such-bucket');
  for (const work of [
    () => files.openLibrary(key),
    () => files.putLibrary(key, 'x'),
    () => files.streamLibrary(key, lines(1, 'x')),
  ])
    expect(await failureOf(work)).toMatchObject({ code: 'STORAGE_UNAVAILABLE', retryable: true });
});

test('a file of the size limit is read, and one byte more is refused before it is', async () => {
  const files = createLibraryFiles(aws.s3, bucket, mebibyte);
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
          if (left <= 0) outgoing.socket?.destroySoon();
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
  await createLibraryFiles(aws.s3, bucket).putLibrary(key, 'x'.repeat(2 * mebibyte));
  await withCuttingProxy(mebibyte, async (endpoint) => {
    const { s3, sqs } = connectAws(endpoint);
    const files = createLibraryFiles(s3, bucket);
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
  const files = createLibraryFiles(aws.s3, bucket);
  const target = `state/streamed-${mebibytes}.csv`;
  const line = `${'é'.repeat(32 * 1024 - 1)}\n`;
  await files.streamLibrary(target, lines(mebibytes * 16, line));
  expect((await aws.get(target)) === line.repeat(mebibytes * 16)).toBe(true);
});

test.each([
  ['at once', 0],
  ['within the first part', 16],
  ['after several parts', 16 * 12],
])('a file whose lines fail %s does not appear, and leaves no parts behind', async (_what, count) => {
  const files = createLibraryFiles(aws.s3, bucket);
  const target = `state/failed-${count}.csv`;
  const uploads = recordCommands(aws.s3);
  const cause = new ValidationError('CSV_NOT_UTF8', 'The file is not UTF-8.');
  const failure = await failureOf(() =>
    files.streamLibrary(target, lines(count, 'x'.repeat(64 * 1024), cause)),
  );
  expect(failure).toBe(cause);
  expect(await aws.exists(target)).toBe(false);
  const commands = uploads();
  expect(commands.filter((name) => name === 'AbortMultipartUploadCommand')).toHaveLength(
    commands.filter((name) => name === 'CreateMultipartUploadCommand').length,
  );
  expect(commands).not.toContain('CompleteMultipartUploadCommand');
});

test('a file that fails while it is written anew leaves the old one as it was', async () => {
  const files = createLibraryFiles(aws.s3, bucket);
  await files.putLibrary('state/kept.csv', 'old');
  await failureOf(() =>
    files.streamLibrary('state/kept.csv', lines(200, 'x'.repeat(64 * 1024), new ValidationError('X', 'x'))),
  );
  expect(await aws.get('state/kept.csv')).toBe('old');
});
