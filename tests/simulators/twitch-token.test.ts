import { type Simulators, startSimulators } from '@savepoint/simulators/start-simulators.ts';
import { askForToken, askIgdb, newToken } from './simulated-requests.ts';

let simulators: Simulators;

beforeAll(async () => {
  simulators = await startSimulators({ igdbRequestsPerSecond: 1000 });
});
afterAll(() => simulators.close());

const isLive = async (token: string): Promise<boolean> =>
  (await askIgdb(simulators, token, 'games', 'limit 1;')).status === 200;

test('a token lives about 60 days', async () => {
  const { status, text } = await askForToken(simulators);
  expect(status).toBe(200);
  const token = { access_token: expect.any(String), expires_in: 5587808, token_type: 'bearer' };
  expect(JSON.parse(text)).toEqual(token);
});

test.each([
  [{ client_id: 'another' }, 400, 'invalid client'],
  [{ client_secret: 'another' }, 403, 'invalid client secret'],
  [{ client_id: '' }, 400, 'missing client id'],
  [{ client_secret: '' }, 400, 'missing client secret'],
  [{ grant_type: 'password' }, 400, 'invalid grant type'],
])('refuses %j', async (changes, status, message) => {
  const answer = await askForToken(simulators, changes as Record<string, string>);
  expect([answer.status, JSON.parse(answer.text)]).toEqual([status, { status, message }]);
});

test('25 tokens live; one more kills the oldest', async () => {
  const first = await newToken(simulators);
  const second = await newToken(simulators);
  for (let issued = 2; issued < 25; issued += 1) await newToken(simulators);
  expect(await isLive(first)).toBe(true);
  const newest = await newToken(simulators);
  expect([await isLive(first), await isLive(second), await isLive(newest)]).toEqual([false, true, true]);
});

test('every token can be revoked, and a new one works', async () => {
  const token = await newToken(simulators);
  simulators.control.revokeTokens();
  expect(await isLive(token)).toBe(false);
  expect(await isLive(await newToken(simulators))).toBe(true);
});

test('a token dies when its lifetime is over', async () => {
  const shortLived = await startSimulators({ tokenLifetimeSeconds: 0 });
  const token = await newToken(shortLived);
  const answer = await askIgdb(shortLived, token, 'games', 'limit 1;');
  await shortLived.close();
  expect(answer.status).toBe(401);
});
