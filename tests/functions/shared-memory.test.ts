import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { createLookupMemoryObject } from '@savepoint/adapters/s3/lookup-memory-object.ts';
import { lookupMemoryKey } from '@savepoint/core/contracts/object-key.ts';
import { createIgdbEnrichment } from '@savepoint/functions/igdb-enrichment.ts';
import { readEnv } from '@savepoint/functions/runtime/env.ts';
import { createSharedMemory } from '@savepoint/functions/runtime/shared-memory.ts';
import { sampleCatalogue } from '@savepoint/simulators/start-simulators.ts';
import {
  capturePrinted,
  type FunctionEnvironment,
  startFunctionEnvironment,
} from '../support/function-environment.ts';
import { bucket } from '../support/pipeline-aws.ts';
import { objectCreated, sqsEvent, sqsRecord } from '../support/queue-events.ts';
import { createRecordingLog } from '../support/recording-log.ts';

/** What one instance learnt, another knows; and whatever becomes of the object, no import depends on it. */

let environment: FunctionEnvironment;
let printed: () => string;
beforeAll(async () => {
  environment = await startFunctionEnvironment();
  Object.assign(process.env, environment.variables);
  printed = capturePrinted();
});
afterAll(async () => {
  printed();
  await environment.close();
});
beforeEach(() => environment.aws.bucket.delete(lookupMemoryKey));

/** Real apps: of every kind, some matched by uid, some by name, some of which IGDB has nothing. */
const apps = sampleCatalogue().apps.slice(0, 300);
const rawOf = (some: readonly { appid: number; name: string }[]) =>
  `appid,name\n${some.map(({ appid, name }) => `${appid},"${name.replaceAll('"', '""')}"\n`).join('')}`;

let minute = 0;
/** A new instance enriches a library; what it asked of Steam and IGDB, and the file without its import's own columns. */
async function enrich(
  some = apps,
  { steamId = '76561197960287930', instance = newInstance(), sequencer = `${minute}` } = {},
) {
  const { aws, simulators } = environment;
  minute += 1;
  const importId = `${steamId}-20261101T00${String(minute).padStart(2, '0')}00000Z`;
  await aws.put(`raw/steam-library-${importId}.csv`, rawOf(some));
  simulators.requests.length = 0;
  const message = sqsRecord(objectCreated(`raw/steam-library-${importId}.csv`, sequencer));
  expect(await instance.enrich(sqsEvent(message))).toEqual({ batchItemFailures: [] });
  const asked = {
    igdb: simulators.requests.filter(({ api }) => api === 'igdb').length,
    steam: simulators.requests.filter(({ api }) => api === 'steam').length,
  };
  const csv = await aws.get(`enriched/steam-library-${importId}-enriched.csv`);
  // But for when it was asked.
  return { asked, rows: csv!.split('\n').length, digest: digestOf(csv!) };
}
function newInstance() {
  const log = createRecordingLog();
  return { log, enrich: createIgdbEnrichment(readEnv(environment.variables, []), log, { instances: 1 }) };
}
const digestOf = (csv: string): string =>
  createHash('sha256')
    .update(csv.replace(/(?<=,)1\d{9}(?=,)/g, ''))
    .digest('hex');
const stored = async (): Promise<Buffer> => {
  const { Body } = await environment.aws.s3.send(
    new GetObjectCommand({ Bucket: bucket, Key: lookupMemoryKey }),
  );
  return Buffer.from(await Body!.transformToByteArray());
};
const store = (Body: Uint8Array) =>
  environment.aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key: lookupMemoryKey, Body }));
const textOf = async () => String(await promisify(zstdDecompress)(await stored()));

test('a new instance knows what another one learnt, of the same library and of anybody else’s', async () => {
  const first = await enrich();
  expect(first.asked.igdb).toBeGreaterThan(0);
  expect(first.asked.steam).toBeGreaterThan(0);
  const again = await enrich();
  expect(again).toEqual({ asked: { igdb: 0, steam: 0 }, rows: first.rows, digest: first.digest });
  const other = await enrich(apps.slice(100, 200), { steamId: '76561197960287931' });
  expect(other.asked).toEqual({ igdb: 0, steam: 0 });
  expect(await textOf()).not.toContain('7656119');
});

test('a fresh rerun asks again, and what it learns is what others then know', async () => {
  await enrich();
  const at = new Date(Date.now() + 1000).toISOString();
  const fresh = await enrich(apps, { sequencer: `rerun-fresh-${at}` });
  expect(fresh.asked.igdb).toBeGreaterThan(0);
  expect((await enrich()).asked).toEqual({ igdb: 0, steam: 0 });
});

test.each<[string, (whole: Buffer) => Promise<Uint8Array> | Uint8Array]>([
  ['was cut', (whole) => whole.subarray(0, whole.length / 2)],
  ['is empty', () => Buffer.alloc(0)],
  ['is no zstd', () => Buffer.from('{"version":1}')],
  [
    'is of a future version',
    () => promisify(zstdCompress)(Buffer.from('savepoint look-up memory 9\n1\t2\n')),
  ],
  ['has 50 MB', () => Buffer.alloc(50_000_000, 7)],
  ['unpacks to far more', () => promisify(zstdCompress)(Buffer.alloc(2 ** 27))],
])('an object that %s is an empty memory, and is written anew', async (_what, damage) => {
  const first = await enrich();
  await store(await damage(await stored()));
  const again = await enrich();
  expect(again).toEqual(first);
  expect((await enrich()).asked).toEqual({ igdb: 0, steam: 0 });
});

test('two instances that write at once lose nothing', async () => {
  const [one, two] = [newInstance(), newInstance()];
  await Promise.all([
    enrich(apps.slice(0, 150), { instance: one }),
    enrich(apps.slice(150), { instance: two, steamId: '76561197960287931' }),
  ]);
  expect((await enrich()).asked).toEqual({ igdb: 0, steam: 0 });
  expect([...one.log.lines, ...two.log.lines].filter(({ level }) => level === 'warn')).toEqual([]);
});

test('a memory that cannot be had in time is done without, and the log says so', async () => {
  const log = createRecordingLog();
  const never = new Promise<never>(() => undefined);
  const memory = createSharedMemory({ readIfNew: () => never, write: async () => true }, log);
  memory.refresh();
  await memory.ready();
  expect(memory.recall(400)).toBeUndefined();
  expect(log.lines).toMatchObject([{ level: 'warn', reason: expect.any(String) }]);
});

test('who knows all of it already asks for its head alone, once a minute', async () => {
  await enrich();
  const { aws } = environment;
  const calls: string[] = [];
  const counted = {
    ...aws.bucket,
    head: (key: string) => {
      calls.push('head');
      return aws.bucket.head(key);
    },
    open: (key: string) => {
      calls.push('get');
      return aws.bucket.open(key);
    },
  };
  let now = Date.now();
  const memory = createSharedMemory(createLookupMemoryObject(counted), createRecordingLog(), {
    now: () => now,
  });
  for (let times = 0; times < 3; times += 1) {
    memory.refresh();
    await memory.ready();
  }
  expect(calls).toEqual(['head', 'get']);
  now += 60_000;
  memory.refresh();
  await memory.ready();
  expect(calls).toEqual(['head', 'get', 'head']);
});
