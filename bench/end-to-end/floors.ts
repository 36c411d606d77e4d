import { setTimeout as delay } from 'node:timers/promises';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import pg from 'pg';
import { migrate } from '@savepoint/adapters/postgres/migrate.ts';
import type { EnrichedRow } from '@savepoint/core/contracts/enriched-library.ts';
import { igdbLimits } from '@savepoint/core/topology.ts';
import type { RecordedRequest, Simulators } from '@savepoint/simulators/start-simulators.ts';
import { copyLibrary, copyTables } from '../load/copy-floor.ts';

/**
 * The least that each part of an import can take on this machine: the same questions sent bare, the same bytes put and
 * got, the same rows copied, one part after the other as the data flows.
 */

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

/** What was asked of the three services, asked once more: the store four at a time, IGDB in order. */
export async function floorOfQuestions(simulators: Simulators, asked: readonly RecordedRequest[]) {
  // The product's own requests count for a second, too.
  await delay(1100);
  const ask = bareClient(simulators);
  const of = (test: (request: RecordedRequest) => boolean) => asked.filter(test);
  const steam = of(({ api, path }) => api === 'steam' && !path.includes('GetItems'));
  const store = of(({ api, path }) => api === 'steam' && path.includes('GetItems'));
  const igdb = of(({ api }) => api === 'igdb');
  return {
    steam: await secondsOf(() => inTurn(steam, 1, ask)),
    store: await secondsOf(() => inTurn(store, 4, ask)),
    token: await secondsOf(ask.token),
    igdb: await secondsOf(() => oneAfterTheOther(igdb, ask)),
  };
}

/** Each needs the answer before it: the names of what no uid found. As fast as IGDB's limit lets them. */
async function oneAfterTheOther(
  requests: readonly RecordedRequest[],
  ask: (request: RecordedRequest) => Promise<void>,
): Promise<void> {
  const sent: number[] = [];
  for (const request of requests) {
    const before = sent.at(-igdbLimits.requestsPerSecond) ?? Number.NEGATIVE_INFINITY;
    // A second, and a little for clocks that round.
    await delay(Math.max(0, before + 1010 - performance.now()));
    sent.push(performance.now());
    await ask(request);
  }
}

async function inTurn(
  requests: readonly RecordedRequest[],
  width: number,
  ask: (request: RecordedRequest) => Promise<void>,
): Promise<void> {
  const queue = requests.values();
  const work = async () => {
    for (const request of queue) await ask(request);
  };
  await Promise.all(Array.from({ length: width }, work));
}

function bareClient(simulators: Simulators) {
  let token = '';
  const bases = {
    steam: simulators.steamApiUrl,
    igdb: simulators.igdbApiUrl.replace(/\/v4$/, ''),
    twitch: simulators.igdbTokenUrl,
  };
  const ask = async ({ api, path, query, body }: RecordedRequest) => {
    const url = new URL(bases[api] + path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    if (api === 'steam') url.searchParams.set('key', simulators.steamApiKey);
    const headers = { 'client-id': simulators.igdbClientId, authorization: `Bearer ${token}` };
    const answer = await fetch(url, api === 'igdb' ? { method: 'POST', body, headers } : {});
    if (!answer.ok) throw new Error(`${api} answered ${answer.status} to a bare question.`);
    await answer.arrayBuffer();
  };
  return Object.assign(ask, {
    async token() {
      const answer = await fetch(simulators.igdbTokenUrl, {
        method: 'POST',
        body: new URLSearchParams({
          client_id: simulators.igdbClientId,
          client_secret: simulators.igdbClientSecret,
          grant_type: 'client_credentials',
        }),
      });
      token = ((await answer.json()) as { access_token: string }).access_token;
    },
  });
}

/** Each file is put once and got once. */
export const floorOfFiles = (s3: S3Client, Bucket: string, files: readonly string[]): Promise<number> =>
  secondsOf(async () => {
    for (const Body of files) {
      await s3.send(new PutObjectCommand({ Bucket, Key: 'floor', Body }));
      const { Body: got } = await s3.send(new GetObjectCommand({ Bucket, Key: 'floor' }));
      await got!.transformToByteArray();
    }
  });

/** Three messages, each sent, received and deleted. */
export const floorOfMessages = (sqs: SQSClient, QueueUrl: string): Promise<number> =>
  secondsOf(async () => {
    for (let message = 0; message < 3; message++) {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'floor' }));
      const { Messages: [received] = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }),
      );
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: received!.ReceiptHandle }));
    }
  });

/** COPY of the rows into the same tables, in a database of their own on the same server. */
export async function floorOfRows(databaseUrl: string, rows: readonly EnrichedRow[]): Promise<number> {
  const administrator = new pg.Client({ connectionString: databaseUrl });
  await administrator.connect();
  await administrator.query('create database floor');
  try {
    const url = Object.assign(new URL(databaseUrl), { pathname: '/floor' }).href;
    await migrate(url);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const tables = copyTables(rows);
    const seconds = await secondsOf(() => copyLibrary(client, tables));
    await client.end();
    return seconds;
  } finally {
    await administrator.query('drop database floor with (force)');
    await administrator.end();
  }
}
