import { setTimeout as delay } from 'node:timers/promises';
import { sampleAccounts } from '@savepoint/simulators/start-simulators.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

/** The whole way from the HTTP endpoint, or a dropped file, to rows. */

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(async () => {
  await stack.close();
});

const { middling, thousand, empty, private: hidden } = sampleAccounts;
const failureOf = (view: Awaited<ReturnType<TestStack['waitFor']>>) =>
  view.stages.find(({ status }) => status === 'failed')?.error;

test('a library that is asked for by vanity name becomes rows, and its import can be followed', async () => {
  const posted = await stack.request('/imports', {
    method: 'POST',
    body: { steam_id: `https://steamcommunity.com/id/${middling.vanityName}/` },
  });
  expect(posted).toMatchObject({ status: 202, body: { steam_id: middling.steamId, status: 'queued' } });
  const view = await stack.waitFor(posted.body.import_id);
  expect(view).toMatchObject({
    import_id: posted.body.import_id,
    steam_id: middling.steamId,
    status: 'completed',
    stages: [
      {
        name: 'steam-import',
        status: 'completed',
        attempts: 1,
        counts: { game_count: 180, dropped_count: 0 },
      },
      { name: 'igdb-enrichment', status: 'completed', counts: { processed: 180, rejected: 0 } },
      { name: 'database-import', status: 'completed' },
    ],
  });
  const stored = await stack.query<{ apps: number; ignored: number; genres: number }>(
    `select count(*)::int as apps, count(*) filter (where match_status = 'IGNORED')::int as ignored,
            (select count(*)::int from game_genres) as genres
     from library_entries join steam_apps using (app_id) where steam_id = $1`,
    [middling.steamId],
  );
  expect(stored[0]).toMatchObject({ apps: 180, ignored: view.result!.skipped_count });
  expect(stored[0]!.genres).toBeGreaterThan(100);
  const listed = await stack.request(`/imports?steam_id=${middling.steamId}`);
  expect(listed.body.imports[0]?.import_id).toBe(posted.body.import_id);
});

test('an app keeps its genres, platforms, cover and playtimes on the whole way', async () => {
  await stack.importLibrary(middling.steamId);
  const [portal] = await stack.query(
    `select title, genres, platforms, cover_url, playtime_minutes, igdb_id, rating, rating_count, themes, developers,
       websites, content_descriptors, deck_compatibility, review_percent, review_count, release_state, header_image_url
     from library where steam_id = $1 and app_id = 400`,
    [middling.steamId],
  );
  expect(portal).toMatchObject({
    title: 'Portal',
    igdb_id: 71,
    genres: expect.arrayContaining(['Puzzle', 'Shooter']),
  });
  expect(portal!.platforms).toContain('PC (Microsoft Windows)');
  expect(portal!.cover_url).toMatch(
    /^https:\/\/images\.igdb\.com\/igdb\/image\/upload\/t_cover_big\/\w+\.jpg$/,
  );
  expect(portal!.playtime_minutes).toBeGreaterThan(0);
  expect(portal).toMatchObject({
    themes: expect.arrayContaining([expect.any(String)]),
    developers: [expect.any(String)],
    websites: expect.arrayContaining(['https://portal.example']),
    content_descriptors: [2, 5],
    deck_compatibility: expect.stringMatching(/^(verified|playable|unsupported|unknown)$/),
    review_percent: expect.any(Number),
    review_count: expect.any(Number),
    release_state: 'released',
    header_image_url: expect.stringMatching(
      /^https:\/\/shared\.akamai\.steamstatic\.com\/.*\/400\/header\.jpg$/,
    ),
  });
  const [timed] = await stack.query<{ games: number }>(
    'select count(*)::int as games from games where rating is not null and time_to_beat_normally_seconds > 0',
  );
  expect(timed!.games).toBeGreaterThan(20);
});

test('a CSV dropped under raw/ is enriched and loaded, and can be followed by its id', async () => {
  const importId = '76561197960287930-2025-01-31';
  const csv =
    '\ufeffname,appid,unknown,playtime_forever\r\nPortal,400,x,95\r\n"Half-Life 2",220,x,\r\n"broken,1,x,2\r\nPortal 2,620,x,99999999999\r\n';
  await stack.putObject(`raw/steam-library-${importId}.csv`, csv);
  const view = await stack.waitFor(importId);
  expect(view).toMatchObject({
    status: 'completed',
    stages: [
      { status: 'skipped' },
      { counts: { processed: 3, matched: 3, rejected: 1 } },
      { counts: { imported_count: 3 } },
    ],
  });
  const rows = await stack.query(
    'select app_id, playtime_minutes from library_entries where steam_id = $1 order by 1',
    ['76561197960287930'],
  );
  expect(rows).toEqual([
    { app_id: 220, playtime_minutes: null },
    { app_id: 400, playtime_minutes: 95 },
    // A value that cannot be read costs itself, not its row.
    { app_id: 620, playtime_minutes: null },
  ]);
});

test('an app whose row was bad in a newer file is not taken for gone', async () => {
  const steamId = '76561197960287935';
  const dropped = async (day: string, csv: string) => {
    await stack.putObject(`raw/steam-library-${steamId}-${day}.csv`, csv);
    return stack.waitFor(`${steamId}-${day}`);
  };
  const goneApps = () =>
    stack.query('select app_id from library_entries where steam_id = $1 and gone', [steamId]);
  await dropped('2025-02-01', 'appid,name,playtime_forever\n400,Portal,1\n620,Portal 2,1\n');
  const second = await dropped('2025-02-02', 'appid,name,playtime_forever\n400,Portal,1\n62o,Portal 2,1\n');
  expect(second.result).toMatchObject({ imported_count: 1, skipped_count: 1, rejected: 1, gone: 0 });
  expect(await goneApps()).toEqual([]);
  expect((await dropped('2025-02-03', 'appid,name\n400,Portal\n')).result).toMatchObject({ gone: 1 });
  expect(await goneApps()).toEqual([{ app_id: 620 }]);
});

test('a CSV dropped under enriched/ is loaded; names of genres are enough', async () => {
  const importId = '76561197960287931-20260101';
  await stack.putObject(
    `enriched/steam-library-${importId}-enriched.csv`,
    'appid,name,igdb_id,igdb_name,genres,classification,match_status\n4242,Some Game,999999,Some Game,"Shooter,Puzzle",game,MATCHED\n',
  );
  expect(await stack.waitFor(importId)).toMatchObject({
    status: 'completed',
    result: { imported_count: 1, skipped_count: 0 },
  });
  expect(await stack.query('select genres from library where steam_id = $1', ['76561197960287931'])).toEqual([
    { genres: ['Puzzle', 'Shooter'] },
  ]);
});

test('the same library again changes no row', async () => {
  await stack.importLibrary(thousand.steamId);
  const rowsNow = () =>
    stack.query(
      "select 'entry' as kind, xmin::text, app_id from library_entries union all select 'game', xmin::text, igdb_id from games order by 1, 3",
    );
  const before = await rowsNow();
  const again = await stack.importLibrary(thousand.steamId);
  expect(again.result).toMatchObject({ new: 0, changed: 0, gone: 0, unchanged: 1000 });
  expect(await rowsNow()).toEqual(before);
});

test.each([
  [hidden.steamId, 'STEAM_GAME_DETAILS_PRIVATE', /Game details/],
  [empty.steamId, 'STEAM_LIBRARY_EMPTY', /no games|owns|empty/i],
  ['76561197960265729', 'STEAM_ACCOUNT_NOT_FOUND', /no .*account|not exist/i],
])('%s is no success: %s', async (steamId, code, sentence) => {
  const view = await stack.importLibrary(steamId);
  expect(view.status).toBe('failed');
  expect(failureOf(view)).toMatchObject({ code, retryable: false, message: expect.stringMatching(sentence) });
  const { body } = await stack.request('/queues/steam-import/dead-letters');
  expect(body.messages).toContainEqual(
    expect.objectContaining({
      import_id: view.import_id,
      attempts: 1,
      error: expect.objectContaining({ code }),
    }),
  );
});

test('a library that turns private keeps what was stored, and is completed by a redrive once it is public', async () => {
  const { steamId } = sampleAccounts.large;
  const countStored = async () =>
    (
      await stack.query('select count(*)::int as n from library_entries where steam_id = $1 and not gone', [
        steamId,
      ])
    )[0]!.n;
  await stack.importLibrary(steamId);
  expect(await countStored()).toBe(2000);

  stack.simulators!.control.updateAccount(steamId, { gameDetails: 'private' });
  const failed = await stack.importLibrary(steamId);
  expect(failed.status).toBe('failed');
  expect(await countStored()).toBe(2000);

  stack.simulators!.control.updateAccount(steamId, { gameDetails: 'public' });
  const redriven = await stack.request('/queues/steam-import/redrive', {
    method: 'POST',
    body: { import_id: failed.import_id },
  });
  expect(redriven.body).toMatchObject({ moved: 1, matching: 1, more: false });
  expect(await stack.waitFor(failed.import_id, ({ status }) => status === 'completed')).toMatchObject({
    status: 'completed',
  });
});

test.each([
  ['names no SteamID64', 'raw/steam-library-nobody-2025.csv', 'appid\n1\n', 'KEY_INVALID', 'igdb-enrichment'],
  ['has no header', 'raw/steam-library-76561197960287932-1.csv', '', 'CSV_NO_HEADER', 'igdb-enrichment'],
  [
    'has a wrong header',
    'raw/steam-library-76561197960287933-1.csv',
    'name;title\nx;y\n',
    'CSV_HEADER_INVALID',
    'igdb-enrichment',
  ],
  [
    'is not UTF-8',
    'enriched/steam-library-76561197960287934-1-enriched.csv',
    Buffer.from([0x61, 0x70, 0x70, 0x69, 0x64, 0x0a, 0xff, 0xfe]),
    'CSV_NOT_UTF8',
    'database-import',
  ],
])(
  'a file that %s is given up at once, with the reason in its dead letter',
  async (_what, key, body, code, stage) => {
    await stack.putObject(key, body);
    for (;;) {
      await delay(100);
      const { body: letters } = await stack.request(`/queues/${stage}/dead-letters`);
      const letter = letters.messages.find((message) => message.body.includes(key));
      if (!letter) continue;
      expect(letter).toMatchObject({ stage, attempts: 1, error: { code } });
      return;
    }
  },
);
