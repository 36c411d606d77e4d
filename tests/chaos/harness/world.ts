import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { deadLetterQueueName, queueName, type StageName } from '@savepoint/core/topology.ts';
import {
  type SimulatorOptions,
  type Simulators,
  startSimulators,
} from '@savepoint/simulators/start-simulators.ts';
import pg from 'pg';
import { startTestAws } from '../../support/aws.ts';
import { createTestDatabase } from '../../support/database.ts';
import { type FaultyLink, startFaultyLink } from './faulty-link.ts';
import { people } from './people.ts';
import { type RunningStack, startStackHere, startStackProcess } from './running-stack.ts';
import { startTappedLine, type TappedLine } from './tapped-line.ts';

/** The pipeline and all that it relies on, with a fault to be had on each way between them. */
export type World = {
  /** S3 and SQS, as the pipeline reaches them. */
  aws: FaultyLink;
  /** Steam, Twitch and IGDB. */
  upstream: FaultyLink;
  database: TappedLine;
  simulators: Simulators;
  /** Past all faults. */
  s3: S3Client;
  sqs: SQSClient;
  sql<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  databaseName: string;
  databaseRole: string;
  bucket: string;
  /** What the stack is told. */
  variables: Record<string, string>;
  queueUrl(stage: StageName): string;
  deadLetterUrl(stage: StageName): string;
  stacks: RunningStack[];
  /** Another one on the same storage, beside those that run; tried again where something else is away meanwhile. */
  startStack(): Promise<RunningStack>;
  request(path: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }>;
  close(): Promise<void>;
};

type WorldOptions = {
  /** The stack has a process of its own, which can be killed and measured. */
  inProcess?: boolean;
  /** Whom Steam and IGDB know. Default: `people`. */
  simulated?: Pick<SimulatorOptions, 'catalogue' | 'accounts'>;
};

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const closing: (() => Promise<unknown> | unknown)[] = [];
  try {
    return await build(options, closing);
  } catch (error) {
    await closeAll(closing);
    throw error;
  }
}

async function build(
  { inProcess = false, simulated = people() }: WorldOptions,
  closing: (() => Promise<unknown> | unknown)[],
): Promise<World> {
  const aws = await startTestAws();
  closing.push(aws.close);
  const owned = await createOwnedDatabase();
  closing.push(owned.drop);
  const simulators = await startSimulators(simulated);
  closing.push(simulators.close);
  const awsLink = await startFaultyLink(aws.endpoint);
  const upstream = await startFaultyLink(new URL(simulators.steamApiUrl).origin);
  const line = await startTappedLine({ host: owned.url.hostname, port: Number(owned.url.port) });
  closing.push(awsLink.close, upstream.close, line.close);
  const dataDir = mkdtempSync(join(tmpdir(), 'savepoint-chaos-'));
  closing.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const url = new URL(owned.url);
  url.port = String(line.port);
  const variables = {
    PORT: '0',
    DATA_DIR: dataDir,
    AWS_ENDPOINT_URL: awsLink.url,
    DATABASE_URL: url.href,
    STEAM_API_URL: `${upstream.url}/steam`,
    STEAM_API_KEY: simulators.steamApiKey,
    IGDB_API_URL: `${upstream.url}/igdb/v4`,
    IGDB_TOKEN_URL: `${upstream.url}/twitch/oauth2/token`,
    IGDB_CLIENT_ID: simulators.igdbClientId,
    IGDB_CLIENT_SECRET: simulators.igdbClientSecret,
  };
  const stacks: RunningStack[] = [];
  const startStack = () => {
    const starting = patiently(async () => {
      const stack = await (inProcess ? startStackProcess : startStackHere)(variables);
      stacks.push(stack);
      return stack;
    });
    // Whoever waits for it hears of it, which may be later.
    starting.catch(() => undefined);
    return starting;
  };
  closing.push(() => Promise.all(stacks.map((stack) => stack.close())));
  await startStack();
  const accountUrl = `${aws.endpoint}/000000000000`;
  return {
    aws: awsLink,
    upstream,
    database: line,
    simulators,
    s3: aws.s3,
    sqs: aws.sqs,
    sql: owned.sql,
    databaseName: owned.name,
    databaseRole: owned.role,
    bucket: 'savepoint-local',
    variables,
    queueUrl: (stage) => `${accountUrl}/${queueName('savepoint-local', stage)}`,
    deadLetterUrl: (stage) => `${accountUrl}/${deadLetterQueueName('savepoint-local', stage)}`,
    stacks,
    startStack,
    async request(path, body) {
      const { apiUrl } = stacks.findLast(({ isRunning }) => isRunning())!;
      const answer = await fetch(apiUrl + path, {
        signal: AbortSignal.timeout(20_000),
        ...(body !== undefined && {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    },
    close: () => closeAll(closing),
  };
}

/** As whatever keeps a service running does. */
async function patiently<Value>(start: () => Promise<Value>): Promise<Value> {
  const deadline = Date.now() + 40_000;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(1000);
    }
  }
}

/** The last begun is ended first. */
async function closeAll(closing: (() => Promise<unknown> | unknown)[]): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
}

/** A database whose owner is a role like any other, so that its password can change and reading alone be allowed. */
async function createOwnedDatabase() {
  const { url: administratorUrl, drop } = await createTestDatabase();
  const name = new URL(administratorUrl).pathname.slice(1);
  const role = `role_${name}`;
  // Whatever is set for the database, it can be taken back.
  const options = '-c default_transaction_read_only=off';
  const pool = new pg.Pool({ connectionString: administratorUrl, max: 3, options });
  pool.on('error', () => undefined);
  await pool.query(`create role ${role} login password 'first'`);
  await pool.query(`alter database ${name} owner to ${role}`);
  const url = new URL(administratorUrl);
  Object.assign(url, { username: role, password: 'first' });
  return {
    url,
    name,
    role,
    sql: async <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) =>
      (await pool.query<Row>(text, values)).rows,
    drop: async () => {
      await pool.query(`alter database ${name} owner to current_user`);
      await pool.end();
      await drop();
    },
  };
}
