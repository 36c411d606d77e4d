import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DeepHealthAnswer } from '@savepoint/core/contracts/answers/deep-health.ts';
import * as v from 'valibot';
import { temporaryDirectory } from '../support/directory.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

const directory = temporaryDirectory();
const log = createRecordingLog();
let stack: TestStack;
beforeAll(async () => {
  // With a PostgreSQL of its own.
  stack = await startTestStack(
    {
      DATABASE_URL: '',
      DATA_DIR: directory.path,
      SELF_HEALING: 'off',
      COMPLETION_WEBHOOK_URL: 'http://127.0.0.1:9/CANARYpath',
      COMPLETION_WEBHOOK_KEY: Buffer.from('CANARYkey').toString('base64'),
    },
    { log },
  );
});
afterAll(async () => {
  await stack.close();
  directory.remove();
});

async function ask() {
  const answer = await fetch(`${stack.apiUrl}/health/deep`);
  const text = await answer.text();
  expect(text).not.toMatch(/CANARY|Q0FOQVJ/);
  return { status: answer.status, headers: answer.headers, body: JSON.parse(text) };
}

async function askUntil(status: number): Promise<void> {
  while ((await ask()).status !== status) await delay(20);
}

const postmaster = () => {
  const text = readFileSync(join(directory.path, 'postgres/cluster/postmaster.pid'), 'utf8');
  return Number.parseInt(text, 10);
};

test('what the stack stands on is asked, and what is configured is told', async () => {
  const { status, body } = await ask();
  expect(status).toBe(200);
  expect(v.parse(DeepHealthAnswer, body)).toEqual({
    status: 'ok',
    checks: ['queues', 'bucket', 'database'].map((name) => ({
      name,
      status: 'ok',
      milliseconds: expect.any(Number),
      code: null,
    })),
    configured: {
      deployment: 'savepoint-local',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      steam: 'simulated',
      igdb: 'simulated',
      self_healing: false,
      notices: ['webhook'],
    },
  });
  expect((await stack.request('/health/deep?quick=true')).body.code).toBe('UNKNOWN_PARAMETER');
});

test('a database that is away is named, with all else that is known', async () => {
  await stack.database!.interrupt();
  const { status, headers, body } = await ask();
  expect({ status, type: headers.get('content-type'), after: headers.get('retry-after') }).toEqual({
    status: 503,
    type: 'application/problem+json',
    after: '10',
  });
  expect(body).toMatchObject({
    code: 'DEPENDENCY_AWAY',
    detail: 'Away: database (DATABASE_UNAVAILABLE).',
    checks: [
      { name: 'queues', status: 'ok' },
      { name: 'bucket', status: 'ok' },
      { name: 'database', status: 'away', code: 'DATABASE_UNAVAILABLE' },
    ],
    configured: { deployment: 'savepoint-local' },
  });
  stack.database!.resume();
  await askUntil(200);
});

test('a PostgreSQL that is frozen is away after three seconds', async () => {
  const pid = postmaster();
  // Its idle connection is served by another process; a new one would have to be let in by this one.
  const backends = await stack.query<{ pid: number }>(
    'select pid from pg_stat_activity where pid <> pg_backend_pid() and client_port is not null',
  );
  const frozen = [pid, ...backends.map((each) => each.pid)];
  for (const each of frozen) process.kill(each, 'SIGSTOP');
  try {
    const startedAt = performance.now();
    const { status, body } = await ask();
    expect([status, body.detail]).toEqual([503, 'Away: database (NO_ANSWER).']);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  } finally {
    for (const each of frozen) process.kill(each, 'SIGCONT');
  }
  await askUntil(200);
});

test('a PostgreSQL that is killed is started again, which is told, and imports go on', async () => {
  log.lines.length = 0;
  process.kill(postmaster(), 'SIGKILL');
  await askUntil(503);
  await askUntil(200);
  expect((await stack.importLibrary('savepoint-sample')).status).toBe('completed');
  const told = log.lines.filter(({ message }) => String(message).startsWith('PostgreSQL'));
  expect(told.map(({ level, message }) => [level, message])).toEqual([
    ['warn', 'PostgreSQL stopped: it is being restarted, and loads wait for it'],
    ['info', 'PostgreSQL runs again'],
  ]);
});
