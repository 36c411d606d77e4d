import { createHash } from 'node:crypto';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { createBucket } from '@savepoint/adapters/s3/bucket.ts';
import { readLogKey } from '@savepoint/adapters/s3/log-key.ts';
import { personHash } from '@savepoint/adapters/s3/person-hash.ts';
import { traceIdOf } from '@savepoint/adapters/otlp/trace-id.ts';
import { PipelineError, toPipelineError } from '@savepoint/core/errors.ts';
import { lazy } from '@savepoint/functions/runtime/lazy.ts';
import { createJsonLog, errorForLog } from '@savepoint/functions/runtime/log.ts';
import { withRequestId } from '@savepoint/functions/runtime/request-id.ts';
import { createStopwatch } from '@savepoint/functions/runtime/stopwatch.ts';
import { withTestAws } from '../../support/aws.ts';

const steamId = '76561197960287930';

/** The lines that the log prints meanwhile, parsed. */
function linesOf(
  logSteamIds: boolean,
  use: (log: ReturnType<typeof createJsonLog>) => void,
  personKey?: () => string | undefined,
): Record<string, unknown>[] {
  const lines: string[] = [];
  const { info, error } = console;
  console.info = console.error = (line: string) => lines.push(line);
  // Powertools prints to the console only where this is set; else to standard output.
  process.env.POWERTOOLS_DEV = 'true';
  try {
    use(createJsonLog('test', { logLevel: 'INFO', logSteamIds, ...(personKey && { personKey }) }));
  } finally {
    Object.assign(console, { info, error });
    delete process.env.POWERTOOLS_DEV;
  }
  return lines.map((line) => JSON.parse(line));
}

test('a line is JSON with its fields, in which no person is named, wherever the id stands', () => {
  const error = new PipelineError(
    'OBJECT_NOT_FOUND',
    `There is no object “raw/steam-library-${steamId}-x.csv”.`,
    {
      retryable: false,
      details: { key: `raw/steam-library-${steamId}-x.csv` },
    },
  );
  const [line] = linesOf(false, (log) =>
    log.error(`failed ${steamId}`, {
      import_id: `${steamId}-x`,
      nested: { path: `/imports/${steamId}-x` },
      ...errorForLog(error),
    }),
  );
  expect(JSON.stringify(line)).not.toContain(steamId);
  const hash = String(line!.import_id).slice(0, 12);
  expect(line).toMatchObject({
    level: 'ERROR',
    service: 'test',
    message: `failed ${hash}`,
    import_id: `${hash}-x`,
    nested: { path: `/imports/${hash}-x` },
    error_code: 'OBJECT_NOT_FOUND',
    retryable: false,
    key: `raw/steam-library-${hash}-x.csv`,
  });
});

test('ids are shown where the deployment asks for them, and two people are told apart where it does not', () => {
  const [shown] = linesOf(true, (log) => log.info('x', { import_id: `${steamId}-x` }));
  expect(shown).toMatchObject({ import_id: `${steamId}-x` });
  const hidden = linesOf(false, (log) => {
    for (const id of [steamId, '76561197960287931', steamId]) log.info(id);
  });
  const [a, b, again] = hidden.map(({ message }) => message);
  expect([a === again, a === b]).toEqual([true, false]);
});

test('what nobody foresaw is told with its stack, an expected failure without', () => {
  const [unforeseen] = linesOf(true, (log) =>
    log.error('failed', errorForLog(toPipelineError(new TypeError('x is undefined')))),
  );
  expect(unforeseen?.stack).toMatch(/^TypeError: x is undefined\n +at .*log\.test\.ts:\d+/);
  const [expected] = linesOf(true, (log) =>
    log.error('failed', errorForLog(new PipelineError('STEAM_UNAVAILABLE', 'Later.', { retryable: true }))),
  );
  expect(expected).not.toHaveProperty('stack');
});

test('lines below the level are left out', () => {
  expect(linesOf(false, (log) => log.debug('x'))).toEqual([]);
});

test('what is made lazily is made once, and again after a failure', async () => {
  let made = 0;
  const get = lazy(() => {
    made += 1;
    if (made === 1) throw new Error('not yet');
    return made;
  });
  await expect(get()).rejects.toThrow('not yet');
  expect(await Promise.all([get(), get()])).toEqual([2, 2]);
});

test('a stopwatch adds up the time of each part, of failures too', async () => {
  let now = 0;
  const stopwatch = createStopwatch(() => now);
  const spend = (milliseconds: number) => async () => {
    now += milliseconds;
  };
  await stopwatch.time('s3', spend(10));
  await stopwatch.time('s3', spend(5));
  await stopwatch
    .time('igdb', async () => {
      now += 7;
      throw new Error('down');
    })
    .catch(() => undefined);
  expect(stopwatch.parts()).toEqual({ s3: 15, igdb: 7 });
});

test('a hash needs the key: with it, it is the same everywhere, without it, it tells nothing', () => {
  const hashWith = (key: string | undefined) => {
    const [line] = linesOf(
      false,
      (log) => log.info(steamId),
      () => key,
    );
    return line!.message;
  };
  expect(hashWith('deployment')).toBe(personHash('deployment', steamId));
  const known = createHash('sha256').update(steamId).digest('hex').slice(0, 12);
  const hashes = [
    hashWith('deployment'),
    hashWith('another'),
    hashWith(undefined),
    hashWith(undefined),
    known,
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
});

test('the key is made once for a deployment and kept', () =>
  withTestAws(async ({ s3 }) => {
    await s3.send(new CreateBucketCommand({ Bucket: 'files' }));
    const bucket = createBucket(s3, 'files');
    const keys = await Promise.all(Array.from({ length: 5 }, () => readLogKey(bucket)));
    keys.push(await readLogKey(bucket));
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]!.length).toBeGreaterThanOrEqual(43);
  }));

test('a line says which invocation wrote it, and the trace of its import, the same wherever the import is', () => {
  const key = 'a-key-of-the-deployment-that-is-long-enough';
  const importId = `${steamId}-20261123T043000123Z`;
  const lines = linesOf(
    false,
    (log) => {
      withRequestId('11111111-2222', () => log.info('one', { import_id: importId }));
      log.error('another', { import_id: importId });
      log.info('none');
    },
    () => key,
  );
  expect(lines[0]).toMatchObject({ aws_request_id: '11111111-2222', trace_id: traceIdOf(key, importId) });
  expect(lines[1]!.trace_id).toBe(lines[0]!.trace_id);
  expect(lines[1]).not.toHaveProperty('aws_request_id');
  expect(lines[2]).not.toHaveProperty('trace_id');
  expect(traceIdOf(`${key}!`, importId)).not.toBe(traceIdOf(key, importId));
});
