import { createLimitGate } from '@savepoint/simulators/igdb-limits.ts';
import {
  type Simulators,
  startSimulators,
  syntheticCatalogue,
} from '@savepoint/simulators/start-simulators.ts';
import { askIgdb, newToken } from './simulated-requests.ts';

let simulators: Simulators;
let token: string;

beforeAll(async () => {
  simulators = await startSimulators({ igdbRequestsPerSecond: 1000 });
  token = await newToken(simulators);
});
afterAll(() => simulators.close());

type Row = { id: number; [field: string]: unknown };

const ask = (endpoint: string, body: string) => askIgdb(simulators, token, endpoint, body);
async function rows(endpoint: string, body: string): Promise<Row[]> {
  const answer = await ask(endpoint, body);
  if (answer.status !== 200) throw new Error(answer.text);
  return JSON.parse(answer.text);
}
const names = async (where: string): Promise<unknown[]> =>
  (await rows('games', `fields name; where ${where}; sort id asc; limit 500;`)).map((row) => row.name);

describe('authorization', () => {
  test.each([
    ['a wrong token', 'wrong', undefined],
    ['a token of another Client-ID', undefined, 'another'],
  ])('401 with an object for %s', async (_case, wrongToken, clientId) => {
    const answer = await askIgdb(simulators, wrongToken ?? token, 'games', 'limit 1;', clientId);
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.text).message).toBe('Authorization Failure. Have you tried:');
  });
});

describe('limits', () => {
  test('four requests in any second for each Client-ID, refused ones not counted', () => {
    let now = 0;
    const gate = createLimitGate({ requestsPerSecond: 4, openRequests: 8 }, () => now);
    const enterAt = (milliseconds: number, clientId = 'one') => {
      now = milliseconds;
      const leave = gate.enter(clientId);
      leave?.();
      return leave !== undefined;
    };
    expect([0, 300, 600, 900, 999].map((time) => enterAt(time))).toEqual([true, true, true, true, false]);
    expect(enterAt(999, 'another')).toBe(true);
    expect([1000, 1001, 1300].map((time) => enterAt(time))).toEqual([true, false, true]);
  });

  test('eight open requests', () => {
    const gate = createLimitGate({ requestsPerSecond: 1000, openRequests: 8 });
    const leaves = Array.from({ length: 8 }, () => gate.enter('one'));
    expect([gate.enter('one'), gate.enter('another')]).toEqual([undefined, expect.any(Function)]);
    leaves[0]?.();
    expect(gate.enter('one')).toEqual(expect.any(Function));
  });

  test.each([
    ['too many a second', { igdbRequestsPerSecond: 4 }],
    ['too many open', { igdbRequestsPerSecond: 1000, igdbOpenRequests: 4, latencyMs: 300 }],
  ])('429 for %s, whoever of the Client-ID asks', async (_case, options) => {
    const limited = await startSimulators(options);
    const tokens = [await newToken(limited), await newToken(limited)];
    const burst = Array.from({ length: 40 }, (_, index) => tokens[index % 2]!);
    const answers = await Promise.all(burst.map((live) => askIgdb(limited, live, 'games', 'limit 1;')));
    await limited.close();
    const refused = answers.filter((answer) => answer.status !== 200);
    expect(answers.length - refused.length).toBeGreaterThanOrEqual(4);
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) {
      expect([answer.status, answer.text]).toEqual([429, '{"message":"Too Many Requests"}']);
    }
  });

  test('a limit of 10 by default and 500 at most', async () => {
    expect(await rows('games', 'fields name;')).toHaveLength(10);
    expect(await rows('games', 'fields name; limit 500;')).toHaveLength(500);
    const tooHigh = await ask('games', 'fields name; limit 501;');
    expect(tooHigh.status).toBe(400);
    expect(JSON.parse(tooHigh.text)).toEqual([
      { title: expect.any(String), status: 400, cause: expect.any(String) },
    ]);
  });

  test('offset pages through everything once, in ascending order', async () => {
    const ids: number[] = [];
    for (let offset = 0; ; offset += 500) {
      const page = await rows('external_games', `fields uid; sort id asc; limit 500; offset ${offset};`);
      ids.push(...page.map((row) => row.id));
      if (page.length < 500) break;
    }
    expect(ids.length).toBeGreaterThan(1500);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    const unsorted = await rows('external_games', 'limit 500;');
    expect(unsorted.map((row) => row.id)).not.toEqual(ids.slice(0, 500));
    const last = await rows('external_games', 'sort id desc; limit 1;');
    expect(last).toEqual([{ id: ids.at(-1) }]);
  });
});

describe('fields', () => {
  test('a bare reference is an id, an expanded one an object; no fields mean ids alone', async () => {
    expect(await rows('games', 'where id = 72;')).toEqual([{ id: 72 }]);
    const [bare] = await rows('games', 'fields genres,cover; where id = 72;');
    expect(bare).toEqual({ id: 72, genres: [5, 8, 9, 31], cover: expect.any(Number) });
    const query = 'fields genres.id,genres.name,platforms.name,cover.image_id; where id = 71;';
    expect(await rows('games', query)).toEqual([
      {
        id: 71,
        cover: { id: expect.any(Number), image_id: 'co1x7d' },
        genres: [
          { id: 5, name: 'Shooter' },
          { id: 8, name: 'Platform' },
          { id: 9, name: 'Puzzle' },
        ],
        platforms: expect.arrayContaining([{ id: 6, name: 'PC (Microsoft Windows)' }]),
      },
    ]);
  });

  test('game.* gives every field of the game, with bare ids, and can be mixed with deeper ones', async () => {
    const query = 'fields uid,game.*,game.genres.name; where uid = "620" & external_game_source = 1;';
    const [row] = await rows('external_games', query);
    expect(row?.game).toMatchObject({
      id: 72,
      name: 'Portal 2',
      slug: 'portal-2',
      game_type: 0,
      first_release_date: Date.UTC(2011, 3, 18) / 1000,
      cover: expect.any(Number),
      genres: expect.arrayContaining([{ id: 5, name: 'Shooter' }]),
      updated_at: expect.any(Number),
    });
    expect(row?.game).not.toHaveProperty('genres.0.slug');
  });

  test('an asterisk alone gives every field', async () => {
    const [row] = await rows('games', 'fields *; where id = 293442;');
    expect(row).toMatchObject({
      name: 'Forza Horizon 5: European Automotive Car Pack',
      game_type: 1,
      parent_game: 141503,
    });
    const [edition] = await rows('games', 'fields version_parent.name; where id = 119105;');
    expect(edition?.version_parent).toEqual({ id: 54789, name: 'MudRunner' });
  });
});

describe('where', () => {
  test.each([
    ['equal', 'name = "Portal 2"', ['Portal 2']],
    ['equal heeds case', 'name = "portal 2"', []],
    ['tilde ignores case, and compares whole names', 'name ~ "pORTAL"', ['Portal']],
    ['tilde with an open end', 'name ~ "portal k"*', ['Portal Knights']],
    ['tilde with two open ends', 'name ~ *"witcher 3"*', ['The Witcher 3: Wild Hunt']],
    ['any of a list', 'name = ("Portal","Portal 2","Nothing")', ['Portal', 'Portal 2']],
    ['and before or', 'id = 71 & id = 72 | id = 233', ['Half-Life 2']],
    ['parentheses', '(id = 71 | id = 72) & name != "Portal"', ['Portal 2']],
    ['greater and smaller', 'id >= 71 & id < 73', ['Portal', 'Portal 2']],
    ['none of a list', 'id = (71,72) & id != (72)', ['Portal']],
    ['not null', 'id = (119105,54789) & version_parent != null', ['MudRunner: American Wilds Edition']],
    ['null', 'id = (119105,54789) & version_parent = null', ['MudRunner']],
    ['a field of a reference', 'version_parent.name = "MudRunner"', ['MudRunner: American Wilds Edition']],
    ['two conditions on different elements', 'id = 71 & genres = 5 & genres.name = "Puzzle"', ['Portal']],
    ['the commas of a name', 'name = "Yes, Your Grace"', ['Yes, Your Grace']],
  ])('%s', async (_case, where, expected) => {
    expect(await names(where)).toEqual(expected);
  });

  test('quotes and backslashes are escaped', async () => {
    expect(await names('name = "Say \\"hello\\" \\\\ wave"')).toEqual([]);
    const wrong = await ask('games', 'where name = "a \\n b";');
    expect(wrong.status).toBe(400);
  });

  test.each(['category = 0', 'status = 0', 'collection = 1', 'follows > 0', 'status = null'])(
    'a filter on the deprecated %s silently matches nothing',
    async (condition) => {
      expect(await names(condition)).toEqual([]);
    },
  );

  test('the deprecated category of external_games matches nothing, even beside the right source', async () => {
    const query = (condition: string) => `fields uid; where uid = "620" & ${condition};`;
    expect(await rows('external_games', query('external_game_source = 1'))).toHaveLength(1);
    expect(await rows('external_games', query('external_game_source = 1 & category = 1'))).toEqual([]);
    expect(await rows('external_games', query('external_game_source = 5'))).toEqual([]);
  });
});

describe('queries that are refused, with an array of title, status and cause', () => {
  test.each([
    ['fields name; where id = 1'],
    ['fields name where id = 1;'],
    ['fields name; where (id = 1;'],
    ['fields name; where name = "open;'],
    ['fields name; where name = Portal;'],
    ['fields name; where name ~ ("a","b");'],
    ['fields name; where uid = 1;'],
    ['fields nonsense;'],
    ['fields genres.nonsense;'],
    ['fields name; where slug = 5;'],
    ['select name;'],
    ['fields name; offset -1;'],
    ['fields name; limit 0;'],
    ['{"fields":"name"}'],
  ])('%s', async (body) => {
    const answer = await ask('games', body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toEqual([
      { title: expect.any(String), status: 400, cause: expect.any(String) },
    ]);
  });

  test('a number where uid wants text', async () => {
    const answer = await ask('external_games', 'fields uid; where uid = 220;');
    expect([answer.status, JSON.parse(answer.text)[0].cause]).toEqual([
      400,
      'Expecting a STRING as input, surround your input with quotes',
    ]);
  });

  test('an unknown endpoint', async () => {
    expect((await ask('nonsense', 'limit 1;')).status).toBe(400);
  });
});

describe('search', () => {
  test('finds by shared words, in a poor order, and takes where and limit', async () => {
    const found = await rows('games', 'fields name; search "portal"; limit 5;');
    const titles = found.map((row) => row.name);
    expect(titles).toContain('Portal');
    expect(titles[0]).not.toBe('Portal');
    expect(await rows('games', 'search "portal"; where id = 72;')).toEqual([{ id: 72 }]);
    expect(await rows('games', 'search "\\"portal\\""; limit 1;')).toHaveLength(1);
  });

  test('finds by alternative names too', async () => {
    const found = await rows('games', 'fields name; search "随从大师";');
    expect(found.map((row) => row.name)).toEqual(['Minion Masters']);
  });

  test('cannot be sorted', async () => {
    const answer = await ask('games', 'fields name; search "portal"; sort id asc;');
    expect([answer.status, JSON.parse(answer.text)[0].status]).toEqual([406, 406]);
  });
});

describe('external_games', () => {
  const byUid = (uid: string, fields = 'uid,name,game.name,url') =>
    rows('external_games', `fields ${fields}; where uid = "${uid}" & external_game_source = 1; sort id asc;`);

  test('several rows can carry the same uid', async () => {
    const found = await byUid('730', 'game');
    expect(found.map((row) => row.game).sort()).toEqual([1372, 242408]);
  });

  test('a row can lack its game', async () => {
    const [row] = await byUid('55100');
    expect(row).toMatchObject({ uid: '55100', name: 'Homefront' });
    expect(row).not.toHaveProperty('game');
  });

  test('addresses come bare, with a slash and with a slug', async () => {
    const found = await rows('external_games', 'fields url; limit 3;');
    const shapes = found.map((row) => String(row.url).replace(/app\/\d+/, 'app/N'));
    expect(
      new Set(
        shapes.map((url) =>
          url
            .split('/')
            .slice(4)
            .join('/')
            .replace(/[a-z].*-.*/, 'slug'),
        ),
      ).size,
    ).toBe(3);
  });

  test('mappings can be hidden and corrected', async () => {
    const own = await startSimulators({ igdbRequestsPerSecond: 1000 });
    const live = await newToken(own);
    const games = async (uid: string) =>
      JSON.parse((await askIgdb(own, live, 'external_games', `fields game; where uid = "${uid}";`)).text).map(
        (row: Row) => row.game,
      );
    const before = await games('620');
    own.control.hideUids([620, 400]);
    own.control.mapUid(730, [242408]);
    const seen = [before, await games('620'), await games('400'), await games('730')];
    await own.close();
    expect(seen).toEqual([[72], [], [], [242408]]);
    expect((await byUid('620')).length).toBe(1);
  });
});

test('alternative_names lead to the game', async () => {
  const found = await rows('alternative_names', 'fields name,game; where name = "随从大师";');
  expect(found).toEqual([{ id: expect.any(Number), name: '随从大师', game: 27150 }]);
});

test('games tell of ratings, companies and series, and how long they take', async () => {
  const fields = `total_rating,themes.name,involved_companies.company.name,involved_companies.developer,
    collections.name,franchises.name,websites.url`;
  const [portal2] = await rows('games', `fields ${fields}; where id = 72;`);
  expect(portal2).toMatchObject({
    themes: expect.arrayContaining([{ id: expect.any(Number), name: expect.any(String) }]),
    involved_companies: expect.arrayContaining([
      {
        id: expect.any(Number),
        company: { id: expect.any(Number), name: expect.any(String) },
        developer: true,
      },
    ]),
    collections: [{ id: expect.any(Number), name: 'Portal' }],
    websites: expect.arrayContaining([{ id: expect.any(Number), url: 'https://portal-2.example' }]),
  });
  const times = await rows('game_time_to_beats', 'fields game_id,hastily,normally; limit 500;');
  expect(times.length).toBeGreaterThan(100);
  for (const { hastily, normally } of times) expect(Number(hastily)).toBeLessThan(Number(normally));
});

describe('multiquery', () => {
  const one = (index: number) => `query games "q${index}" { fields name; where id = ${index}; };`;

  test('answers each query by its name', async () => {
    const body = `query games "a portal" { fields name; where id = 71; };
      query alternative_names "other" { fields game; where name = "nothing"; limit 5; };`;
    expect(await rows('multiquery', body)).toEqual([
      { name: 'a portal', result: [{ id: 71, name: 'Portal' }] },
      { name: 'other', result: [] },
    ]);
  });

  test('takes ten queries and no more', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => one(index + 1)).join('\n');
    expect(await rows('multiquery', many(10))).toHaveLength(10);
    expect((await ask('multiquery', many(11))).status).toBe(400);
    expect((await ask('multiquery', 'query nonsense "x" { limit 1; };')).status).toBe(400);
    expect((await ask('multiquery', '')).status).toBe(400);
  });
});

test('500 uids at once push other games out of a page of 500 when some have several rows', async () => {
  const catalogue = syntheticCatalogue({ apps: 500, knownByUid: 1, knownByName: 0 });
  const own = await startSimulators({ catalogue });
  const uids = catalogue.apps.map((app) => `"${app.appid}"`).join(',');
  const body = `fields uid; where uid = (${uids}) & external_game_source = 1; sort id asc; limit 500;`;
  const page: Row[] = JSON.parse((await askIgdb(own, await newToken(own), 'external_games', body)).text);
  await own.close();
  expect(page).toHaveLength(500);
  expect(new Set(page.map((row) => row.uid)).size).toBeLessThan(500);
});
