import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { createFollows } from '@savepoint/adapters/s3/follows.ts';
import { createImportStatusStore } from '@savepoint/adapters/s3/import-status-store.ts';
import { createDeadLetters } from '@savepoint/adapters/sqs/dead-letters.ts';
import { createStageQueues } from '@savepoint/adapters/sqs/stage-queues.ts';
import { followKey, nextSlotAfter } from '@savepoint/core/contracts/follow.ts';
import { type ImportRequest, newImportRequest } from '@savepoint/core/contracts/import-request.ts';
import { viewImport } from '@savepoint/core/contracts/import-view.ts';
import { follow } from '@savepoint/core/operations/follows.ts';
import type { SteamId } from '@savepoint/core/steam-id.ts';
import { stages } from '@savepoint/core/topology.ts';
import { createFollowing } from '@savepoint/functions/runtime/following.ts';
import { handler as steamImport } from '@savepoint/functions/steam-import.ts';
import { createContext, createSqsEvent } from '@savepoint/local/lambda-invocation.ts';
import { jsonPost, startTestApi, type TestApi } from '../support/api-under-test.ts';
import {
  capturePrinted,
  type FunctionEnvironment,
  people,
  startFunctionEnvironment,
} from '../support/function-environment.ts';
import { deployment } from '../support/pipeline-aws.ts';
import { createRecordingLog } from '../support/recording-log.ts';

/** Followed libraries, from the bucket to the queue and to Steam. */

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

/** Delivers what waits for steam-import. */
async function deliver(): Promise<{ requests: ImportRequest[]; failures: unknown[] }> {
  const { queueUrl, queueArn } = environment.aws.queues['steam-import'];
  const { Messages: messages = [] } = await environment.aws.sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  );
  const context = createContext(stages['steam-import'], 'steam-import', queueArn);
  const answer = await steamImport(createSqsEvent(messages, queueArn), context);
  return {
    requests: messages.map(({ Body }) => JSON.parse(Body!)),
    failures: (answer as { batchItemFailures: unknown[] }).batchItemFailures,
  };
}

test('who is due is asked for once, and a profile that became private pauses after three times', async () => {
  const { bucket, sqs } = environment.aws;
  const follows = createFollows(bucket);
  const steamId = people.private as SteamId;
  let now = new Date('2026-11-01T00:00:00Z');
  await follow(steamId, 'day', { follows, now: () => now });
  const run = () =>
    createFollowing({ deployment }, createRecordingLog(), { bucket, sqs, now: () => now })(() => false);
  await run();
  for (let day = 1; day <= 3; day++) {
    now = nextSlotAfter(steamId, 'day', now);
    expect(await run()).toMatchObject({ sent: 1, postponed: false });
    expect(await run()).toMatchObject({ sent: 0, postponed: false });
    const { requests, failures } = await deliver();
    expect(requests).toEqual([{ ...newImportRequest(steamId, now), followed: true }]);
    expect(failures).toEqual([]);
    const { import_id } = requests[0]!;
    const stored = await createImportStatusStore(bucket).read(import_id);
    expect(viewImport(import_id, stored!, new Date())).toMatchObject({
      status: 'failed',
      stages: [{ error: { code: 'STEAM_GAME_DETAILS_PRIVATE' } }, {}, {}],
    });
  }
  const { messages } = await createDeadLetters(sqs, deployment, { pollSeconds: 0 }).list('steam-import', {
    max: 10,
  });
  expect(messages).toEqual([]);
  now = nextSlotAfter(steamId, 'day', now);
  expect(await run()).toMatchObject({ sent: 0 });
});

test('a library that is public again is counted anew', async () => {
  const { bucket } = environment.aws;
  const follows = createFollows(bucket);
  const steamId = people.player as SteamId;
  const now = () => new Date('2026-11-10T00:00:00Z');
  await follow(steamId, 'week', { follows, now });
  const failed = { import_id: 'x', code: 'STEAM_GAME_DETAILS_PRIVATE', message: '' };
  await follows.change(steamId, 'week', (each) => ({ ...each, failures: 2, last_failure: failed }));
  const body = JSON.stringify({ ...newImportRequest(steamId, now()), followed: true });
  await createStageQueues(environment.aws.sqs, deployment).send('steam-import', body);
  expect((await deliver()).failures).toEqual([]);
  expect(await follows.read(steamId, 'week')).toMatchObject({ failures: 0, last_failure: null });
});

describe('over HTTP', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());
  const put = (steamId: string, body: unknown) =>
    api.call(`/follows/${steamId}`, { ...jsonPost(body), method: 'PUT' });

  test('a library is followed, listed and followed no longer', async () => {
    const { status, body } = await put(people.player, { every: 'day' });
    expect(status).toBe(200);
    expect(body).toEqual({
      steam_id: people.player,
      every: 'day',
      next_at: expect.stringMatching(/^20.*00\.000Z$/),
    });
    const weekly = await put('[U:1:22202]', { every: 'week' });
    expect(weekly.body).toMatchObject({ steam_id: people.player, every: 'week' });
    expect((await api.call('/follows')).body).toEqual({ follows: [weekly.body] });
    for (let times = 0; times < 2; times++)
      expect(await api.call(`/follows/${people.player}`, { method: 'DELETE' })).toMatchObject({
        status: 204,
        body: {},
      });
    expect((await api.call('/follows')).body).toEqual({ follows: [] });
    expect(await api.aws.bucket.head(followKey(people.player as SteamId, 'week'))).toBeNull();
  });

  test('a long list comes in pages', async () => {
    for (let index = 0; index < 5; index++) await put(`7656119800000000${index}`, { every: 'day' });
    const first = await api.call('/follows?max=3');
    expect(first.body.follows).toHaveLength(3);
    const rest = await api.call(
      `/follows?max=3&cursor=${encodeURIComponent(String(first.body.next_cursor))}`,
    );
    expect(rest.body).toEqual({ follows: [expect.anything(), expect.anything()] });
  });

  test.each([
    ['PUT', '/follows/76561197960287930', { every: 'hour' }, 'BODY_INVALID'],
    ['PUT', '/follows/76561197960287930', {}, 'BODY_INVALID'],
    ['PUT', '/follows/76561197960287930', { every: 'day', at: 'noon' }, 'UNKNOWN_FIELD'],
    ['PUT', '/follows/gabelogannewell', { every: 'day' }, 'STEAM_ID_UNREADABLE'],
    ['PUT', '/follows/76561197960287930?every=week', { every: 'day' }, 'UNKNOWN_PARAMETER'],
    ['DELETE', '/follows/nobody!', undefined, 'STEAM_ID_UNREADABLE'],
    ['GET', '/follows?every=day', undefined, 'UNKNOWN_PARAMETER'],
    ['GET', '/follows?cursor=..', undefined, 'PARAMETER_INVALID'],
    ['GET', '/follows?max=0', undefined, 'MAX_INVALID'],
  ])('%s %s with %j is refused: %s', async (method, path, body, code) => {
    const init = body === undefined ? { method } : { ...jsonPost(body), method };
    expect(await api.call(path, init)).toMatchObject({ status: 400, body: { code } });
  });
});
