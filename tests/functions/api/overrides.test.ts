import { overridesKey } from '@savepoint/core/contracts/object-key.ts';
import { startTestApi, type TestApi } from '../../support/api-under-test.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());
beforeEach(() => api.aws.bucket.delete(overridesKey));

const decide = (appid: number | string, body: object) =>
  api.call(`/overrides/${appid}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const drop = (appid: number) => api.call(`/overrides/${appid}`, { method: 'DELETE' });
const list = async (query = '') => (await api.call(`/overrides${query}`)).body;

test('a decision is told, listed, and taken back', async () => {
  expect(await list()).toEqual({ overrides: [] });
  const line = { appid: 220, igdb_id: 233, classification: null, note: 'the original' };
  const answer = await decide(220, { igdb_id: 233, note: 'the original' });
  expect([answer.status, answer.body]).toEqual([200, line]);
  expect(await api.aws.get(overridesKey)).toBe('appid,igdb_id,classification,note\n220,233,,the original\n');
  expect(await list()).toEqual({ overrides: [line] });
  expect((await drop(220)).status).toBe(204);
  expect(await list()).toEqual({ overrides: [] });
  const again = await drop(220);
  expect([again.status, again.body.code]).toEqual([404, 'OVERRIDE_NOT_FOUND']);
});

test('what a decision does not name stays as it was', async () => {
  await decide(220, { igdb_id: 233, note: 'the original' });
  expect((await decide(220, { igdb_id: 'none' })).body).toEqual({
    appid: 220,
    igdb_id: 'none',
    classification: null,
    note: 'the original',
  });
});

test('a file that people keep keeps its order, their columns and their remarks', async () => {
  await api.aws.put(overridesKey, 'who;appid;igdb_id\r\nanna;400;71\r\n');
  await decide(220, { igdb_id: 233 });
  expect(await api.aws.get(overridesKey)).toBe('who;appid;igdb_id\r\nanna;400;71\r\n;220;233\r\n');
});

test('those who decide at once all get their way', async () => {
  const apps = Array.from({ length: 8 }, (_, index) => index + 1);
  const answers = await Promise.all(apps.map((appid) => decide(appid, { igdb_id: appid * 10 })));
  expect(answers.map(({ status }) => status)).toEqual(apps.map(() => 200));
  const { overrides } = (await list()) as { overrides: { appid: number; igdb_id: number }[] };
  expect(overrides.map(({ appid, igdb_id }) => [appid, igdb_id])).toEqual(apps.map((app) => [app, app * 10]));
});

test('the list goes on behind its cursor, in the order of the apps', async () => {
  await api.aws.put(overridesKey, 'appid,igdb_id\n30,3\n10,1\n20,2\n');
  const first = (await list('?max=2')) as { overrides: { appid: number }[]; next_cursor: string };
  expect(first.overrides.map(({ appid }) => appid)).toEqual([10, 20]);
  const second = await list(`?max=2&cursor=${first.next_cursor}`);
  expect(second).toEqual({ overrides: [expect.objectContaining({ appid: 30 })] });
});

test('lines that cannot be used are told', async () => {
  await api.aws.put(overridesKey, 'appid,igdb_id\nx,1\n');
  expect(await list()).toEqual({
    overrides: [],
    rejects: [{ line: 2, reason: expect.stringContaining('appid'), record: 'x,1' }],
  });
});

test.each([
  ['nothing at all', 220, {}, 400, 'BODY_INVALID'],
  ['a mistyped field', 220, { igdbid: 233 }, 400, 'UNKNOWN_FIELD'],
  ['a game that cannot be', 220, { igdb_id: 0 }, 400, 'BODY_INVALID'],
  ['a kind that is none', 220, { classification: 'movie' }, 400, 'BODY_INVALID'],
  ['only a note about nothing', 220, { note: 'why' }, 400, 'OVERRIDE_INVALID'],
  ['an app that is none', 'half-life', { igdb_id: 1 }, 404, 'APP_NOT_FOUND'],
])('a decision for %s is refused, and nothing is written', async (_what, appid, body, status, code) => {
  const answer = await decide(appid, body);
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect(await api.aws.get(overridesKey)).toBeNull();
});

test('a note cannot become a line of its own', async () => {
  await decide(220, { igdb_id: 233, note: 'a\n400,1,,"b"' });
  const { overrides } = (await list()) as { overrides: { appid: number }[] };
  expect(overrides.map(({ appid }) => appid)).toEqual([220]);
});
