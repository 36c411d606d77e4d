import { gunzipSync } from 'node:zlib';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { migrate } from '@savepoint/adapters/postgres/migrate.ts';
import { PublishedLibrary } from '@savepoint/core/contracts/published-library.ts';
import { createApi } from '@savepoint/functions/api.ts';
import { createDatabaseImport } from '@savepoint/functions/database-import.ts';
import { toldByDeployment } from '@savepoint/functions/runtime/configured.ts';
import { readEnv } from '@savepoint/functions/runtime/env.ts';
import { serveOnLoopback } from '@savepoint/local/http-server.ts';
import pg from 'pg';
import * as v from 'valibot';
import {
  capturePrinted,
  type FunctionEnvironment,
  startFunctionEnvironment,
} from '../support/function-environment.ts';
import { bucket } from '../support/pipeline-aws.ts';
import { createRecordingLog } from '../support/recording-log.ts';
import { awsCredentials } from '../support/api-under-test.ts';
import { noConsole } from '../support/no-console.ts';

/** What a load leaves for reading, and how the API hands it out. */

let environment: FunctionEnvironment;
let printed: () => string;
let database: pg.Client;
let api: Awaited<ReturnType<typeof serveOnLoopback>>;
let load: ReturnType<typeof createDatabaseImport>;
beforeAll(async () => {
  Object.assign(process.env, awsCredentials);
  environment = await startFunctionEnvironment();
  await migrate(environment.database.url);
  const env = readEnv(environment.variables, []);
  const log = createRecordingLog();
  load = createDatabaseImport(env, log);
  api = await serveOnLoopback(
    createApi(env, log, { tokens: null, console: noConsole, told: toldByDeployment({}) }),
    0,
  );
  database = new pg.Client({ connectionString: environment.database.url });
  await database.connect();
  printed = capturePrinted();
});
afterAll(async () => {
  printed();
  await database.end();
  await api.close();
  await load.close();
  await environment.close();
});

let people = 76561198000000000n;
/** Somebody whom no other test knows. */
const newPerson = (): string => String(++people);
const exportKey = (steamId: string) => `exports/${steamId}/library.json`;

const header =
  'appid,name,playtime_forever,rtime_last_played,igdb_id,igdb_slug,igdb_name,release_date,cover_url,genres,classification,match_status';
const portal = (minutes: number) =>
  `620,Portal 2,${minutes},1700000000,72,portal-2,Portal 2,2011-04-18,https://images.igdb.com/igdb/image/upload/t_cover_big/co1rs4.jpg,9:Puzzle|5:Shooter,game,MATCHED`;
const tool = '629,Portal 2 Authoring Tools,,,,,,,,,tool,IGNORED';

async function importOn(steamId: string, day: number, lines: readonly string[]) {
  const Key = `enriched/steam-library-${steamId}-202601${String(day).padStart(2, '0')}T000000000Z-enriched.csv`;
  await environment.aws.s3.send(
    new PutObjectCommand({ Bucket: bucket, Key, Body: `${[header, ...lines].join('\n')}\n` }),
  );
  return load.handler({ s3_key: Key });
}

async function stored(steamId: string) {
  const object = await environment.aws.s3.send(
    new GetObjectCommand({ Bucket: bucket, Key: exportKey(steamId) }),
  );
  const text = gunzipSync(await object.Body!.transformToByteArray()).toString();
  return { ...object, library: v.parse(v.strictObject(PublishedLibrary.entries), JSON.parse(text)) };
}
const read = (steamId: string, headers: Record<string, string> = {}) =>
  fetch(`${api.url}/libraries/${steamId}`, { headers });

test('a load leaves the library for reading, with what changed in it', async () => {
  const person = newPerson();
  await importOn(person, 1, [portal(60), tool]);
  await importOn(person, 2, [portal(95), tool, '400,Portal,5,,,,,,,,game,UNMATCHED']);
  const { library, ContentEncoding, ContentType } = await stored(person);
  expect([ContentEncoding, ContentType]).toEqual(['gzip', 'application/json']);
  expect(library).toMatchObject({
    steam_id: person,
    import_id: `${person}-20260102T000000000Z`,
    imported_at: '2026-01-02T00:00:00.000Z',
    minutes_by_month: [{ month: '2026-01', minutes: 35 }],
    changes: [
      { appid: 620, kind: 'played', minutes_before: 60, minutes_after: 95 },
      { appid: 400, kind: 'added', minutes_before: null, minutes_after: 5 },
      { appid: null, kind: 'imported' },
    ],
  });
  expect(library.games.map(({ appid }) => appid)).toEqual([400, 620]);
  expect(library.games[1]).toMatchObject({
    appid: 620,
    title: 'Portal 2',
    classification: 'game',
    match_status: 'MATCHED',
    playtime_minutes: 95,
    last_played_at: '2023-11-14T22:13:20.000Z',
    gone: false,
    igdb_id: 72,
    igdb_slug: 'portal-2',
    cover_url: 'https://images.igdb.com/igdb/image/upload/t_cover_big/co1rs4.jpg',
    genres: ['Puzzle', 'Shooter'],
    release_date: '2011-04-18',
    rating: null,
  });
});

test('what people wrote themselves, and what ages by itself, is not in it', async () => {
  const person = newPerson();
  await importOn(person, 1, [portal(60)]);
  await database.query(`update library_entries set status = 'done', notes = 'CANARY' where steam_id = $1`, [
    person,
  ]);
  await importOn(person, 2, [portal(61)]);
  const text = JSON.stringify((await stored(person)).library);
  expect(text).not.toMatch(/CANARY|suggested_status|"done"/);
});

test('a delivery that changes nothing writes nothing, and mends what is missing or old', async () => {
  const person = newPerson();
  await importOn(person, 1, [portal(60)]);
  const first = await stored(person);
  const Key = exportKey(person);
  const marked = { Bucket: bucket, Key, Body: 'not written again', Metadata: first.Metadata };
  await environment.aws.s3.send(new PutObjectCommand(marked));
  await importOn(person, 1, [portal(60)]);
  expect(await environment.aws.bucket.read(Key)).toBe('not written again');
  await environment.aws.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
  await importOn(person, 1, [portal(60)]);
  expect((await stored(person)).library).toEqual(first.library);
  await environment.aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'of another program' }));
  await importOn(person, 1, [portal(60)]);
  expect((await stored(person)).library).toEqual(first.library);
});

test('an older import that comes late shows with what it filled, and under the newer one', async () => {
  const person = newPerson();
  await importOn(person, 5, [portal(60)]);
  await importOn(person, 3, [portal(50), '400,Portal,5,,,,,,,,game,UNMATCHED']);
  const { library } = await stored(person);
  expect(library).toMatchObject({ import_id: `${person}-20260105T000000000Z` });
  expect(library.games.map(({ appid, gone, playtime_minutes }) => [appid, gone, playtime_minutes])).toEqual([
    [400, true, 5],
    [620, false, 60],
  ]);
});

test('imports of one person at once leave what the database holds', async () => {
  const person = newPerson();
  const others = [createDatabaseImport(readEnv(environment.variables, []), createRecordingLog()), load];
  await Promise.all(
    [1, 2, 3, 4, 5, 6].map(async (day) => {
      const Key = `enriched/steam-library-${person}-2026020${day}T000000000Z-enriched.csv`;
      await environment.aws.s3.send(
        new PutObjectCommand({ Bucket: bucket, Key, Body: `${header}\n${portal(60 + day)}\n` }),
      );
      return others[day % 2]!.handler({ s3_key: Key });
    }),
  );
  await others[0]!.close();
  expect((await stored(person)).library).toMatchObject({
    import_id: `${person}-20260206T000000000Z`,
    games: [{ playtime_minutes: 66 }],
  });
});

test('a private or empty answer leaves no library, and takes none away', async () => {
  const person = newPerson();
  await importOn(person, 1, []);
  expect((await read(person)).status).toBe(404);
  await importOn(person, 2, [portal(60)]);
  await importOn(person, 3, []);
  expect((await stored(person)).library).toMatchObject({ import_id: `${person}-20260102T000000000Z` });
});

test('the API hands it out, and says when it is still the same', async () => {
  const person = newPerson();
  await importOn(person, 1, [portal(60)]);
  const answer = await read(person);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'application/json',
    'content-encoding': 'gzip',
    'cache-control': 'private, no-cache',
    etag: expect.stringMatching(/^"\w+"$/),
  });
  expect(await answer.json()).toEqual((await stored(person)).library);
  const eTag = answer.headers.get('etag')!;
  for (const tags of [eTag, `"other", W/${eTag}`, '*']) {
    const again = await read(person, { 'if-none-match': tags });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', eTag]);
  }
  await importOn(person, 2, [portal(61)]);
  expect((await read(person, { 'if-none-match': eTag })).status).toBe(200);
});

test('who does not take gzip gets it unpacked', async () => {
  const person = newPerson();
  await importOn(person, 1, [portal(60)]);
  for (const accepted of ['identity', 'gzip;q=0, br']) {
    const answer = await read(person, { 'accept-encoding': accepted });
    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(await answer.json()).toMatchObject({ steam_id: person });
  }
});

test.each([
  ['76561198999999999', 404, 'LIBRARY_NOT_FOUND'],
  ['gabelogannewell', 400, 'STEAM_ID_UNREADABLE'],
  ['103582791429521412', 400, 'STEAM_ID_NOT_A_PERSON'],
  ['..%2F..%2Fstate', 400, 'STEAM_ID_UNREADABLE'],
])('the library of %s is refused with %d %s', async (who, status, code) => {
  const answer = await read(who);
  expect([answer.status, await answer.json()]).toEqual([status, expect.objectContaining({ code })]);
});

test('one that no Lambda could send is refused with where to read it', async () => {
  const person = newPerson();
  const Body = Buffer.alloc(4.5 * 1024 * 1024 + 1);
  await environment.aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key: exportKey(person), Body }));
  const answer = await read(person);
  expect([answer.status, await answer.json()]).toEqual([
    422,
    expect.objectContaining({
      code: 'LIBRARY_TOO_LARGE',
      detail: expect.stringContaining(exportKey(person)),
    }),
  ]);
});
