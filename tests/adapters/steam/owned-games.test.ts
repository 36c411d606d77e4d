import { readOwnedGames } from '@savepoint/adapters/steam/owned-games.ts';
import { readRawLibrary, writeRawLibrary } from '@savepoint/core/contracts/raw-library.ts';

const only = (game: Record<string, unknown>) => {
  const { rows } = readOwnedGames([{ appid: 220, ...game }]);
  expect(rows).toHaveLength(1);
  return rows[0]!;
};

test('an entry becomes a row, unknown fields ignored', () => {
  const row = only({
    name: 'Half-Life 2',
    playtime_2weeks: 30,
    playtime_forever: 600,
    playtime_windows_forever: 400,
    playtime_mac_forever: 100,
    playtime_linux_forever: 100,
    playtime_deck_forever: 50,
    playtime_disconnected: 7,
    rtime_last_played: 1_700_000_000,
    img_icon_url: 'fcfb366051782b8ebf2aa297f3b746395858cb62',
    has_community_visible_stats: true,
    content_descriptorids: [2, 5],
    sort_as: 'half',
  });
  expect(row).toEqual({
    appId: 220,
    name: 'Half-Life 2',
    playtimeMinutes: 600,
    iconHash: 'fcfb366051782b8ebf2aa297f3b746395858cb62',
    lastPlayedAt: 1_700_000_000,
    playtime2WeeksMinutes: 30,
    playtimeWindowsMinutes: 400,
    playtimeMacMinutes: 100,
    playtimeLinuxMinutes: 100,
    playtimeDeckMinutes: 50,
    playtimeDisconnectedMinutes: 7,
    contentDescriptors: [2, 5],
  });
});

test.each([undefined, null, '', '  ', '\u0000', 7, {}])('a name %p is not told', (name) => {
  expect(only({ name }).name).toBeNull();
});

test('the last two weeks are 0 where Steam leaves them out of an app whose minutes it tells', () => {
  expect(only({ playtime_forever: 600 }).playtime2WeeksMinutes).toBe(0);
  expect(only({}).playtime2WeeksMinutes).toBeNull();
});

test('what Steam leaves out is not told, and not zero', () => {
  expect(only({})).toMatchObject({ playtimeMinutes: null, playtimeLinuxMinutes: null, iconHash: null });
});

test.each([-1, 1.5, 2 ** 31, 1e300, '60', null, [], Number.NaN])(
  'a playtime of %p breaks nothing',
  (minutes) => {
    const row = only({ name: 'Portal', playtime_forever: minutes, playtime_mac_forever: minutes });
    expect(row).toMatchObject({ name: 'Portal', playtimeMinutes: null, playtimeMacMinutes: null });
  },
);

test.each([0, 86_400, 1_000_000_000, -5, 'yesterday'])('last played at %p is never', (time) => {
  expect(only({ rtime_last_played: time }).lastPlayedAt).toBeNull();
});

test.each([undefined, null, 'x', '220', 0, -1, 1.5, 2 ** 31])(
  'an entry with appid %p is dropped, the others stay',
  (appid) => {
    const owned = readOwnedGames([{ appid, name: 'No app' }, { appid: 400, name: 'Portal' }, null, 'x', 7]);
    expect(owned.rows.map(({ appId }) => appId)).toEqual([400]);
    expect(owned.droppedCount).toBe(4);
  },
);

test('an app that is listed twice is one row', () => {
  expect(readOwnedGames([{ appid: 220 }, { appid: 220, name: 'Half-Life 2' }]).rows).toEqual([
    expect.objectContaining({ appId: 220, name: 'Half-Life 2' }),
  ]);
});

test('whatever Steam sends, the library file takes every row', async () => {
  const { rows } = readOwnedGames([
    { appid: 1, name: 'n'.repeat(10_000), img_icon_url: 'i'.repeat(10_000) },
    { appid: 2, name: 'a\u0000b\u001bc\r\n"d", é\ud800' },
    { appid: 3, name: '原神 🎮', playtime_forever: 2 ** 31 - 1, rtime_last_played: 2 ** 31 - 1 },
    { appid: 4, name: '  =HYPERLINK("x")  ' },
    { appid: 2 ** 31 - 1 },
  ]);
  const csv = writeRawLibrary(rows);
  const read = [];
  for await (const batch of readRawLibrary(chunksOf(csv))) {
    expect(batch.rejects).toEqual([]);
    read.push(...batch.rows);
  }
  expect(read).toEqual(rows);
});

async function* chunksOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

describe('what Steam owes', () => {
  const answer = (entries: readonly unknown[], gameCount?: number) => {
    const { rows, droppedCount } = readOwnedGames(entries, gameCount);
    return { appIds: rows.map(({ appId }) => appId), droppedCount };
  };

  test('an appid in quotes and one above 32 bits are dropped and counted', () => {
    const entries = [
      { appid: 620, name: 'Portal 2' },
      { appid: '400', name: 'Portal' },
      { appid: 70, name: 'Half-Life' },
      { appid: 3_821_538_777, name: 'Over int32' },
    ];
    expect(answer(entries, 3)).toEqual({ appIds: [620, 70], droppedCount: 2 });
  });

  test('a count above the list is owed, one below it settles nothing', () => {
    expect(answer([{ appid: 620 }], 3)).toEqual({ appIds: [620], droppedCount: 2 });
    expect(answer([{ appid: 620 }, { appid: 400 }], 1)).toEqual({ appIds: [620, 400], droppedCount: 0 });
    expect(answer([{ appid: 620 }])).toEqual({ appIds: [620], droppedCount: 0 });
  });
});
