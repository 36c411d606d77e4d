import {
  requestLimitTooHigh,
  type Simulators,
  sampleAccounts,
  startSimulators,
} from '@savepoint/simulators/start-simulators.ts';
import { askForToken, askIgdb, askSteam, newToken, ownedGamesPath } from './simulated-requests.ts';

let simulators: Simulators;

beforeEach(async () => {
  simulators = await startSimulators();
});
afterEach(() => simulators.close());

const { steamId: steamid } = sampleAccounts.empty;
const askOwned = () => askSteam(simulators, ownedGamesPath, { steamid });

test('listens on 127.0.0.1, with addresses shaped like the real ones', () => {
  expect(simulators.steamApiUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/steam$/);
  expect(simulators.igdbApiUrl).toMatch(/\/v4$/);
  expect(simulators.igdbTokenUrl).toMatch(/\/oauth2\/token$/);
});

test('a taken port is refused', async () => {
  const port = Number(new URL(simulators.steamApiUrl).port);
  await expect(startSimulators({ port })).rejects.toThrow('EADDRINUSE');
});

test('records every request in order, with no credential in it', async () => {
  await askOwned();
  const token = await newToken(simulators);
  await askIgdb(simulators, token, 'games', 'fields name; limit 1;');
  const { requests } = simulators;
  expect(requests.map(({ api, path, status }) => [api, path, status])).toEqual([
    ['steam', '/IPlayerService/GetOwnedGames/v1/', 200],
    ['twitch', '/oauth2/token', 200],
    ['igdb', '/v4/games', 200],
  ]);
  expect(requests[0]?.query).toEqual({ steamid });
  expect(requests[2]?.body).toBe('fields name; limit 1;');
  const recorded = JSON.stringify(requests);
  const { steamApiKey, igdbClientId, igdbClientSecret } = simulators;
  for (const secret of [steamApiKey, igdbClientId, igdbClientSecret, token]) {
    expect(recorded).not.toContain(secret);
  }
});

test('a fault answers as often as told, on the path told, then no more', async () => {
  simulators.faults.steam.push({ times: 2, status: 429, path: 'GetOwnedGames', retryAfterSeconds: 3 });
  const vanity = await askSteam(simulators, '/ISteamUser/ResolveVanityURL/v1/', { vanityurl: 'x' });
  const answers = [await askOwned(), await askOwned(), await askOwned()];
  expect(vanity.status).toBe(200);
  expect(answers.map((answer) => answer.status)).toEqual([429, 429, 200]);
  expect(answers[0]).toMatchObject({ retryAfter: '3', contentType: expect.stringContaining('text/html') });
  expect(simulators.requests.map((request) => request.status)).toEqual([200, 429, 429, 200]);
});

test.each([500, 502, 503, 504])('an overload answers %d in HTML, asking for no delay', async (status) => {
  simulators.faults.steam.push({ status });
  const answer = await askOwned();
  expect(answer).toMatchObject({
    status,
    retryAfter: null,
    contentType: expect.stringContaining('text/html'),
  });
  expect(answer.text).toContain('<html>');
});

test('IGDB and Twitch fail as told, in JSON or HTML', async () => {
  const token = await newToken(simulators);
  simulators.faults.igdb.push(requestLimitTooHigh, { status: 502 });
  simulators.faults.twitch.push({ status: 401, body: '{"status":401,"message":"invalid client"}' });
  const forbidden = await askIgdb(simulators, token, 'games', 'limit 1;');
  expect(forbidden.status).toBe(403);
  expect(JSON.parse(forbidden.text)).toMatchObject({
    title: 'Forbidden',
    status: 403,
    cause: 'Reqest limit too high',
  });
  expect(await askIgdb(simulators, token, 'games', 'limit 1;')).toMatchObject({ status: 502 });
  expect(await askForToken(simulators)).toMatchObject({ status: 401, contentType: 'application/json' });
});

test('a hanging request is never answered, and does not keep the simulators from closing', async () => {
  simulators.faults.steam.push({ hang: true });
  const hanging = askOwned().then(
    () => 'answered',
    () => 'cut off',
  );
  await askIgdb(simulators, 'none', 'games', '');
  while (simulators.requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(simulators.requests.find(({ api }) => api === 'steam')?.status).toBeNull();
  await simulators.close();
  expect(await hanging).toBe('cut off');
});

test('a caller may give up on a hanging request, and a connection can be cut', async () => {
  simulators.faults.steam.push({ hang: true }, { disconnect: true });
  const url = `${simulators.steamApiUrl}${ownedGamesPath}`;
  const patience = new AbortController();
  const hanging = fetch(url, { signal: patience.signal });
  while (simulators.requests.length < 1) await new Promise((resolve) => setTimeout(resolve, 5));
  patience.abort();
  await expect(hanging).rejects.toThrow('aborted');
  await expect(fetch(url)).rejects.toThrow('fetch failed');
  expect((await askOwned()).status).toBe(200);
});

test('an answer takes the latency asked for', async () => {
  const slow = await startSimulators({ latencyMs: 60 });
  const start = performance.now();
  await askSteam(slow, ownedGamesPath, { steamid });
  const elapsedMs = performance.now() - start;
  await slow.close();
  expect(elapsedMs).toBeGreaterThanOrEqual(59);
});

test.each([
  ['steam-down', 503, 200],
  ['igdb-429', 200, 429],
  ['igdb-down', 200, 503],
  ['private-profile', 200, 200],
] as const)('%s lasts until it is ended', async (name, steamStatus, igdbStatus) => {
  const { steamId } = sampleAccounts.middling;
  const token = await newToken(simulators);
  const ask = async () => {
    const steam = await askSteam(simulators, ownedGamesPath, { steamid: steamId });
    const igdb = await askIgdb(simulators, token, 'games', 'fields name; limit 1;');
    return { steam: steam.status, igdb: igdb.status, games: steam.text.includes('game_count') };
  };
  const well = { steam: 200, igdb: 200, games: true };
  expect(await ask()).toEqual(well);
  simulators.control.beginTrouble(name);
  const games = steamStatus === 200 && name !== 'private-profile';
  for (const _again of [1, 2]) expect(await ask()).toEqual({ steam: steamStatus, igdb: igdbStatus, games });
  simulators.control.beginTrouble(null);
  expect(await ask()).toEqual(well);
});
