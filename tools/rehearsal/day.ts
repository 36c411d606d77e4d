import assert from 'node:assert/strict';
import { CopyObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { DeleteMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { continuationAttributes } from '@savepoint/core/contracts/dead-letter.ts';
import { followKey, followingPositionKey } from '@savepoint/core/contracts/follow.ts';
import { writeObjectCreated } from '@savepoint/core/contracts/object-created.ts';
import {
  deadLetterQueueName,
  maxReceiveCount,
  queueName,
  type StageName,
  stageNames,
} from '@savepoint/core/topology.ts';
import type { SteamId } from '@savepoint/core/steam-id.ts';
import { sampleAccounts } from '@savepoint/simulators/start-simulators.ts';
import { type BundledCloud, waitingIn } from './bundled-cloud.ts';

/**
 * A day of a deployment: each path that a role must allow, in the order in which a day brings them. A step fails by
 * throwing; one that follows may build on it.
 */
export type Step = { what: string; run(cloud: BundledCloud, countRows: CountRows): Promise<void> };
/** How many rows a table of the database has. */
export type CountRows = (table: string) => Promise<number>;

const { steamId, vanityName } = sampleAccounts.middling;
const noAccount = '76561197960287931';

async function requestImport(cloud: BundledCloud, who: string): Promise<string> {
  const { status, body } = await cloud.call('POST', '/imports', { steam_id: who });
  assert.equal(status, 202);
  return (body as { import_id: string }).import_id;
}

async function statusOf(cloud: BundledCloud, importId: string): Promise<string> {
  const { body } = await cloud.call('GET', `/imports/${importId}`);
  return (body as { status: string }).status;
}

async function deliverAll(cloud: BundledCloud, ...stages: StageName[]): Promise<string> {
  let log = '';
  for (const stage of stages) {
    const delivered = await cloud.deliver(stage);
    assert.equal(delivered.failed, false, delivered.log);
    log += delivered.log;
  }
  return log;
}

const send = async (
  cloud: BundledCloud,
  stage: StageName,
  body: unknown,
  attributes: Record<string, string> = {},
) =>
  cloud.sqs.send(
    new SendMessageCommand({
      QueueUrl: await cloud.queueUrl(queueName(cloud.deployment, stage)),
      MessageBody: typeof body === 'string' ? body : JSON.stringify(body),
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
      ),
    }),
  );

async function keysUnder(cloud: BundledCloud, Prefix: string): Promise<string[]> {
  const { Contents = [] } = await cloud.s3.send(new ListObjectsV2Command({ Bucket: cloud.bucket, Prefix }));
  return Contents.flatMap(({ Key }) => Key ?? []);
}

const put = (cloud: BundledCloud, Key: string, Body: string) =>
  cloud.s3.send(new PutObjectCommand({ Bucket: cloud.bucket, Key, Body }));

/** Takes what waits out of a queue, as somebody would who has had enough of it. */
async function drain(cloud: BundledCloud, queue: string): Promise<void> {
  const QueueUrl = await cloud.queueUrl(queue);
  for (const { ReceiptHandle } of await cloud.receive(queue))
    await cloud.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
}

export const day: Step[] = [
  {
    what: 'the migrations make the schema, and say beforehand which',
    async run(cloud, countRows) {
      const { missing } = (await cloud.invoke('migrate', { dry_run: true })) as { missing: string[] };
      assert.ok(missing.length > 0);
      assert.deepEqual(await cloud.invoke('migrate', {}), { applied: missing });
      assert.deepEqual(await cloud.invoke('migrate', { dry_run: true }), { missing: [] });
      assert.equal(await countRows('games'), 0);
    },
  },
  {
    what: 'the test event that S3 sends when it is told to notify is taken for what it is',
    async run(cloud) {
      await deliverAll(cloud, 'igdb-enrichment', 'database-import');
      assert.deepEqual(await waitingIn(cloud, stageNames), []);
    },
  },
  {
    what: 'an import passes through the API and the three stages into PostgreSQL',
    async run(cloud, countRows) {
      const importId = await requestImport(cloud, steamId);
      const log = await deliverAll(cloud, ...stageNames);
      // What the dashboard shows.
      const metrics = log.split('\n').filter((line) => line.includes('"_aws"'));
      const ofEnrichment = metrics
        .map((line) => JSON.parse(line))
        .find(({ service, imports }) => service === 'igdb-enrichment' && imports === 1);
      assert.ok(ofEnrichment?.matched > 0);
      assert.equal(await countRows('library_entries'), 180);
      assert.equal(await statusOf(cloud, importId), 'completed');
    },
  },
  {
    what: 'a function that is called directly begins an import, and the others go on with it',
    async run(cloud) {
      const answer = (await cloud.invoke('steam-import', { steam_id: steamId })) as { game_count: number };
      assert.equal(answer.game_count, 180);
      await deliverAll(cloud, 'igdb-enrichment', 'database-import');
    },
  },
  {
    what: 'a dropped raw file with a bad row is enriched and loaded, and the row is kept',
    async run(cloud) {
      await put(
        cloud,
        `raw/steam-library-${steamId}-2025-01-31.csv`,
        'appid,name\n220,Half-Life 2\nx,Nothing\n',
      );
      await deliverAll(cloud, 'igdb-enrichment', 'database-import');
      assert.equal((await keysUnder(cloud, 'rejects/')).length, 1);
    },
  },
  {
    what: 'a file that comes over the API is enriched and loaded, as a person has decided about its app',
    async run(cloud) {
      const line = { appid: 220, igdb_id: 'none', classification: null, note: null };
      assert.deepEqual((await cloud.call('PUT', '/overrides/220', { igdb_id: 'none' })).body, line);
      assert.deepEqual((await cloud.call('GET', '/overrides')).body, { overrides: [line] });
      const sent = await cloud.call(
        'POST',
        `/imports/csv?steam_id=${steamId}`,
        'appid,name\n220,Half-Life 2\n',
      );
      assert.equal(sent.status, 202);
      await deliverAll(cloud, 'igdb-enrichment', 'database-import');
      const { import_id: importId } = sent.body as { import_id: string };
      const { body } = await cloud.call('GET', `/imports/${importId}/apps`);
      assert.equal((body as { apps: { match_status: string }[] }).apps[0]?.match_status, 'UNMATCHED');
      assert.equal((await cloud.call('DELETE', '/overrides/220')).status, 204);
    },
  },
  {
    what: 'somebody looks for a game over the API, which may not ask IGDB itself',
    async run(cloud) {
      const { status, body } = await cloud.call('GET', '/igdb/search?q=portal');
      assert.equal(status, 200, JSON.stringify(body));
      assert.ok((body as { games: { name: string }[] }).games.some(({ name }) => name === 'Portal 2'));
    },
  },
  {
    what: 'the console is there, and what it loads',
    async run(cloud) {
      const { deployment } = (await cloud.call('GET', '/console/config.json')).body as { deployment: string };
      assert.equal(deployment, cloud.deployment);
      const page = await cloud.page('/console/');
      const [script = ''] = /assets\/main-\w+\.js/.exec(page) ?? [];
      assert.ok((await cloud.page(`/console/${script}`)).length > 10_000);
    },
  },
  {
    what: 'over the API its apps and bad rows are seen, and it runs again',
    async run(cloud) {
      const path = `/imports/${steamId}-2025-01-31`;
      const { body } = await cloud.call('GET', `${path}/apps`);
      assert.equal((body as { apps: unknown[] }).apps.length, 1);
      const rejects = await cloud.call('GET', `${path}/rejects`);
      assert.equal((rejects.body as { rejects: unknown[] }).rejects.length, 1);
      assert.equal((await cloud.call('POST', `${path}/rerun`, { only: 'unmatched' })).status, 202);
      await deliverAll(cloud, 'igdb-enrichment', 'database-import');
      assert.equal((await cloud.call('POST', `${path}/rerun`, { from: 'enriched' })).status, 202);
      await deliverAll(cloud, 'database-import');
    },
  },
  {
    what: 'a dropped enriched file is loaded, and a bad row of it is kept',
    async run(cloud) {
      const [source] = await keysUnder(cloud, 'enriched/');
      const key = `enriched/steam-library-${steamId}-2025-02-01-enriched.csv`;
      await cloud.s3.send(
        new CopyObjectCommand({ Bucket: cloud.bucket, CopySource: `${cloud.bucket}/${source}`, Key: key }),
      );
      await deliverAll(cloud, 'database-import');
      await put(cloud, key.replace('02-01', '02-02'), 'appid,name\n220,Half-Life 2\nx,Nothing\n');
      await deliverAll(cloud, 'database-import');
      assert.equal((await keysUnder(cloud, 'rejects/')).length, 2);
    },
  },
  {
    what: 'while Steam is away a message waits, and then gets through',
    async run(cloud) {
      await requestImport(cloud, vanityName);
      cloud.simulators.faults.steam.push({ times: Number.POSITIVE_INFINITY });
      assert.equal((await cloud.deliver('steam-import')).failed, true);
      cloud.simulators.faults.steam.length = 0;
      await deliverAll(cloud, ...stageNames);
    },
  },
  {
    what: 'a message about a file that is gone is given up',
    async run(cloud) {
      for (const [stage, key] of [
        ['igdb-enrichment', `raw/steam-library-${steamId}-2025-04-01.csv`],
        ['database-import', `enriched/steam-library-${steamId}-2025-04-01-enriched.csv`],
      ] as const) {
        await send(cloud, stage, writeObjectCreated(cloud.bucket, key, '1'));
        await deliverAll(cloud, stage);
        await drain(cloud, deadLetterQueueName(cloud.deployment, stage));
      }
    },
  },
  {
    what: 'an account that Steam does not know is given up at once',
    async run(cloud) {
      const importId = await requestImport(cloud, noAccount);
      await deliverAll(cloud, 'steam-import');
      assert.equal(await statusOf(cloud, importId), 'failed');
      await drain(cloud, deadLetterQueueName(cloud.deployment, 'steam-import'));
    },
  },
  {
    what: 'in each queue a hopeless message dies, is seen over the API, sent back and discarded',
    async run(cloud) {
      for (const stage of stageNames) {
        await send(cloud, stage, { nonsense: true });
        await deliverAll(cloud, stage);
        const redriven = await cloud.call('POST', `/queues/${stage}/redrive`, {});
        assert.equal((redriven.body as { moved: number }).moved, 1);
      }
      await deliverAll(cloud, ...stageNames);
      for (const stage of stageNames) {
        const { body } = await cloud.call('GET', `/queues/${stage}/dead-letters`);
        assert.equal((body as { messages: unknown[] }).messages.length, 1);
      }
      const discarded = await cloud.call('POST', '/queues/igdb-enrichment/discard', {
        code: 'MESSAGE_INVALID',
      });
      assert.equal((discarded.body as { discarded: number }).discarded, 1);
      for (const stage of stageNames) await drain(cloud, deadLetterQueueName(cloud.deployment, stage));
      assert.equal((await cloud.call('GET', '/queues')).status, 200);
      assert.equal((await cloud.call('GET', '/health/deep')).status, 200);
      const metrics = await cloud.call('GET', '/metrics?hours=24');
      assert.equal((metrics.body as { series: unknown[] }).series.length, 6);
      assert.equal((await cloud.call('GET', `/imports?steam_id=${steamId}`)).status, 200);
      assert.equal((await cloud.call('GET', '/imports')).status, 200);
      const library = await cloud.call('GET', `/libraries/${steamId}`);
      assert.equal((library.body as { steam_id: string }).steam_id, steamId);
      assert.equal((await cloud.call('GET', `/libraries/${noAccount}`)).status, 404);
    },
  },
  {
    what: 'what was given up and may pass is sent back by itself, and ends well',
    async run(cloud) {
      const { faults } = cloud.simulators;
      const importId = await requestImport(cloud, steamId);
      await drain(cloud, queueName(cloud.deployment, 'steam-import'));
      const last = continuationAttributes('steam-import', {
        earlierFailure: null,
        earlierAttempts: maxReceiveCount - 1,
      });
      const [who = ''] = importId.split('-');
      const requestedAt = new Date().toISOString();
      await send(
        cloud,
        'steam-import',
        { steam_id: who, import_id: importId, requested_at: requestedAt },
        last,
      );
      faults.steam.push({ times: Number.POSITIVE_INFINITY });
      await deliverAll(cloud, 'steam-import');
      faults.steam.length = 0;
      assert.equal(await statusOf(cloud, importId), 'failed');
      await cloud.invoke('reconcile', { all: true });
      await deliverAll(cloud, ...stageNames);
      assert.equal(await statusOf(cloud, importId), 'completed');
    },
  },
  {
    what: 'a followed library is imported when it is due, and no longer once nobody follows it',
    async run(cloud) {
      const dayMs = 24 * 60 * 60 * 1000;
      assert.equal((await cloud.call('PUT', `/follows/${steamId}`, { every: 'day' })).status, 200);
      // As if that had been long ago, and the last run a day.
      const long = { steam_id: steamId, every: 'day', followed_at: '2020-01-01T00:00:00Z', failures: 1 };
      await put(cloud, followKey(steamId as SteamId, 'day'), JSON.stringify(long));
      await cloud.invoke('follow', {});
      const position = { slot_at: new Date(Date.now() - dayMs).toISOString(), day: '', sent: 0 };
      await put(cloud, followingPositionKey, JSON.stringify(position));
      assert.equal(((await cloud.invoke('follow', {})) as { sent: number }).sent, 1);
      await deliverAll(cloud, ...stageNames);
      const { body } = await cloud.call('GET', '/follows');
      assert.equal((body as { follows: unknown[] }).follows.length, 1);
      assert.equal((await cloud.call('DELETE', `/follows/${steamId}`)).status, 204);
      assert.deepEqual(await keysUnder(cloud, 'follows/'), []);
    },
  },
  {
    what: 'IGDB refuses a question, and its apps are noted to be asked for again',
    async run(cloud) {
      const { faults } = cloud.simulators;
      const rows = [2147483640, 2147483641, 2147483642].map((appId) => `${appId},Never Heard Of ${appId}\n`);
      const refusal = {
        times: Number.POSITIVE_INFINITY,
        status: 400,
        body: '[{"title":"Invalid Field","status":400}]',
      };
      faults.igdb.push({ ...refusal, path: '/games' }, { ...refusal, holding: 'query games ' });
      await put(cloud, `raw/steam-library-${steamId}-2025-03-01.csv`, `appid,name\n${rows.join('')}`);
      await deliverAll(cloud, 'igdb-enrichment');
      faults.igdb.length = 0;
      await deliverAll(cloud, 'database-import');
      assert.equal((await keysUnder(cloud, 'open/pending/')).length, 1);
    },
  },
  {
    what: 'a person is forgotten, and nothing of theirs is left in the bucket',
    async run(cloud, countRows) {
      const dry = await cloud.call('DELETE', `/libraries/${steamId}?dry_run=true`);
      assert.ok((dry.body as { objects: { raw: number } }).objects.raw > 0);
      assert.equal((await cloud.call('DELETE', `/libraries/${steamId}`)).status, 202);
      const delivered = await cloud.deliver('forget');
      assert.equal(delivered.failed, false, delivered.log);
      assert.deepEqual(
        (await keysUnder(cloud, '')).filter((key) => key.includes(steamId)),
        [],
      );
      assert.equal(await countRows('library_entries'), 0);
      // Imports that were asked for before are left out from now on.
      await put(cloud, `raw/steam-library-${steamId}-2025-04-01.csv`, 'appid,name\n620,Portal 2\n');
      await deliverAll(cloud, 'igdb-enrichment');
      assert.deepEqual(await waitingIn(cloud, stageNames), []);
    },
  },
  {
    what: 'nothing is missing, so nothing is sent again',
    async run(cloud) {
      await cloud.invoke('reconcile', {});
      const { body } = await cloud.call('POST', '/reconcile', { older_than_seconds: 0 });
      assert.deepEqual((body as { queued: unknown[] }).queued, []);
      assert.deepEqual(await waitingIn(cloud, stageNames), []);
    },
  },
];
