import { systemClock } from '@savepoint/adapters/igdb/clock.ts';
import { createRateLimiter } from '@savepoint/adapters/igdb/rate-limiter.ts';
import type { SearchGames } from '@savepoint/core/operations/search-games.ts';
import { igdbLimits } from '@savepoint/core/topology.ts';
import { createIgdbEnrichment } from '@savepoint/functions/igdb-enrichment.ts';
import { createIgdbSearch } from '@savepoint/functions/igdb-search.ts';
import { readEnv } from '@savepoint/functions/runtime/env.ts';
import { seldom } from '@savepoint/functions/runtime/seldom-search.ts';
import { type Simulators, startSimulators } from '@savepoint/simulators/start-simulators.ts';
import { awsCredentials } from '../support/api-under-test.ts';
import { bucket, deployment, type PipelineAws, startPipelineAws } from '../support/pipeline-aws.ts';
import { createRecordingLog } from '../support/recording-log.ts';

let aws: PipelineAws;
let simulators: Simulators;
beforeAll(async () => {
  Object.assign(process.env, awsCredentials);
  [aws, simulators] = await Promise.all([startPipelineAws(), startSimulators()]);
});
afterAll(() => Promise.all([aws.close(), simulators.close()]));
beforeEach(() => {
  simulators.requests.length = 0;
  simulators.faults.igdb.length = 0;
});

const envOf = () =>
  readEnv(
    {
      AWS_ENDPOINT_URL: aws.endpoint,
      S3_BUCKET: bucket,
      DEPLOYMENT: deployment,
      STEAM_API_URL: simulators.steamApiUrl,
      IGDB_API_URL: simulators.igdbApiUrl,
      IGDB_TOKEN_URL: simulators.igdbTokenUrl,
      IGDB_CLIENT_ID: simulators.igdbClientId,
      IGDB_CLIENT_SECRET: simulators.igdbClientSecret,
    },
    [],
  );
const searches = () => simulators.requests.filter(({ path }) => path.endsWith('/games'));

test('a game is found with what tells it from others of its name', async () => {
  const games = await createIgdbSearch(envOf()).searchGames('portal 2');
  expect(games).toContainEqual({
    igdb_id: 72,
    name: 'Portal 2',
    year: 2011,
    platforms: expect.arrayContaining(['PC (Microsoft Windows)']),
    cover_url: 'https://images.igdb.com/igdb/image/upload/t_cover_big/co1rs4.jpg',
  });
  expect(games.length).toBeLessThanOrEqual(20);
});

test('words are words, whatever they look like', async () => {
  await createIgdbSearch(envOf()).searchGames('"; where id = 72; \\');
  expect(searches().map(({ body }) => body)).toEqual([
    'search "\\"; where id = 72; \\\\"; fields name,first_release_date,platforms.name,cover.image_id; limit 20;',
  ]);
});

test('the token is the one that all share', async () => {
  await createIgdbSearch(envOf()).searchGames('doom');
  simulators.requests.length = 0;
  await createIgdbSearch(envOf()).searchGames('doom eternal');
  expect(simulators.requests.map(({ api }) => api)).toEqual(['igdb']);
});

test('IGDB is asked once in two seconds, and not again for what it was just asked', async () => {
  let now = 0;
  const asked: string[] = [];
  const search: SearchGames = seldom(
    {
      async searchGames(words) {
        asked.push(words);
        return [];
      },
    },
    () => now,
  );
  await search.searchGames('Portal');
  await expect(search.searchGames('Doom')).rejects.toMatchObject({
    code: 'IGDB_BUSY',
    retryable: true,
    retryAfterSeconds: 2,
  });
  await search.searchGames('portal');
  now = 1999;
  await expect(search.searchGames('Doom')).rejects.toMatchObject({ retryAfterSeconds: 1 });
  now = 2000;
  await search.searchGames('Doom');
  now = 60_000;
  await search.searchGames('portal');
  expect(asked).toEqual(['Portal', 'Doom', 'portal']);
});

test('an IGDB that is away is said to be, and a search afterwards is tried', async () => {
  let now = 0;
  const search = seldom(createIgdbSearch(envOf()), () => now);
  simulators.faults.igdb.push({ times: 2, status: 500 });
  await expect(search.searchGames('portal')).rejects.toMatchObject({
    code: 'IGDB_UNAVAILABLE',
    retryable: true,
  });
  now = 2000;
  await new Promise((resolve) => setTimeout(resolve, 2000));
  expect((await search.searchGames('portal')).length).toBeGreaterThan(0);
});

test('beside an enrichment in the same process IGDB is not asked too often', async () => {
  const env = envOf();
  const limiter = createRateLimiter(igdbLimits, systemClock);
  const enrich = createIgdbEnrichment(env, createRecordingLog(), { limiter });
  const rows = Array.from(
    { length: 3000 },
    (_, index) => `${2_000_000 + index},No game of this name ${index}\n`,
  );
  const key = 'raw/steam-library-76561197960287930-2025-01-31.csv';
  await aws.put(key, `appid,name\n${rows.join('')}`);
  const enriching = enrich({ s3_key: key });
  const search = createIgdbSearch(env, limiter);
  for (const words of ['portal', 'doom', 'fallout']) {
    await search.searchGames(words);
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
  await enriching;
  expect(searches().length).toBeGreaterThanOrEqual(3);
  // Two limiters would make a search fail. One request that a busy machine holds up may arrive with those behind it.
  expect(simulators.requests.filter(({ status }) => status === 429).length).toBeLessThanOrEqual(1);
});
