import { migrate } from '@savepoint/adapters/postgres/migrate.ts';
import { createLibraryFiles } from '@savepoint/adapters/s3/library-files.ts';
import { readEnrichedLibrary } from '@savepoint/core/contracts/enriched-library.ts';
import { parseLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import { handler as databaseImport } from '@savepoint/functions/database-import.ts';
import { handler as igdbEnrichment } from '@savepoint/functions/igdb-enrichment.ts';
import { handler as steamImport } from '@savepoint/functions/steam-import.ts';
import pg from 'pg';
import { collect } from '../support/bytes.ts';
import {
  capturePrinted,
  type FunctionEnvironment,
  people,
  startFunctionEnvironment,
} from '../support/function-environment.ts';

/** What Steam leaves out costs nobody what was known before. */

let environment: FunctionEnvironment;
let printed: () => string;
beforeAll(async () => {
  environment = await startFunctionEnvironment();
  await migrate(environment.database.url);
  Object.assign(process.env, environment.variables);
  printed = capturePrinted();
});
afterAll(async () => {
  printed();
  await environment.close();
});

async function queryRows(text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: environment.database.url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** Imports a library of which Steam answers `response`, however often it is asked. */
async function importOf(steamId: string, response: object) {
  const { steam } = environment.simulators.faults;
  steam.length = 0;
  const body = JSON.stringify({ response });
  steam.push({ path: 'GetOwnedGames', status: 200, body, times: Number.POSITIVE_INFINITY });
  const raw = (await steamImport({ steam_id: steamId })) as { s3_key: string };
  const enriched = (await igdbEnrichment({ s3_key: raw.s3_key })) as { s3_key: string };
  return { raw, enriched, loaded: await databaseImport({ s3_key: enriched.s3_key }) };
}

test('a name and an icon that Steam leaves out are told to nobody, and stay what they were', async () => {
  const known = { appid: 620, name: 'Portal 2', img_icon_url: '2e478fc6874d06ae5baf0d147f6f21203291aa02' };
  await importOf(people.empty, { game_count: 1, games: [known] });
  const { enriched } = await importOf(people.player, { game_count: 1, games: [{ appid: 620 }] });
  const file = createLibraryFiles(environment.aws.bucket).openLibrary(parseLibraryKey(enriched.s3_key));
  const batches = await collect(readEnrichedLibrary(await file));
  expect(batches.flatMap(({ rows }) => rows)).toMatchObject([
    { appId: 620, name: null, iconHash: null, playtimeMinutes: null, game: { name: 'Portal 2' } },
  ]);
  expect(await queryRows('select name, icon_hash from steam_apps where app_id = 620')).toEqual([
    { name: known.name, icon_hash: known.img_icon_url },
  ]);
});

test('entries that cannot be read are counted, and nothing is marked as gone', async () => {
  const [portal2, portal, halfLife] = [
    { appid: 620, name: 'Portal 2' },
    { appid: 400, name: 'Portal' },
    { appid: 70, name: 'Half-Life' },
  ];
  await importOf(people.empty, { game_count: 3, games: [portal2, portal, halfLife] });
  const odd = [
    { ...portal, appid: '400' },
    { appid: 3_821_538_777, name: 'Over int32' },
  ];
  const { raw, loaded } = await importOf(people.empty, { game_count: 3, games: [portal2, halfLife, ...odd] });
  expect(raw).toMatchObject({
    game_count: 2,
    dropped_count: 2,
    warnings: [{ code: 'STEAM_ANSWER_INCOMPLETE' }],
  });
  expect(loaded).toMatchObject({ rejected: 2, gone: 0 });
  const short = await importOf(people.empty, { game_count: 3, games: [portal2] });
  expect(short.loaded).toMatchObject({ gone: 0 });
  // A whole list says that the others are gone.
  const whole = await importOf(people.empty, { game_count: 1, games: [portal2] });
  expect(whole.loaded).toMatchObject({ gone: 2 });
});
