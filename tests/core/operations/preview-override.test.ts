import { type AppView, previewOverride } from '@savepoint/core/operations/preview-override.ts';

const matched: AppView = {
  classification: 'game',
  match_status: 'MATCHED',
  igdb_id: 233,
  igdb_name: 'Half-Life 2',
};
const ignored: AppView = { classification: 'tool', match_status: 'IGNORED', igdb_id: null, igdb_name: null };

const preview = (
  change: Parameters<typeof previewOverride>[2],
  { view = matched, line = '' }: { view?: AppView; line?: string } = {},
) =>
  previewOverride(`appid,igdb_id,classification,note\n${line}`, 220, change, {
    findApp: async () => ({ name: 'Half-Life 2', people: 3, view }),
    findGameName: async (igdbId) => (igdbId === 5 ? 'Half-Life' : null),
  });

test.each<[string, Parameters<typeof preview>, AppView]>([
  ['another game', [{ igdb_id: '5' }], { ...matched, igdb_id: 5, igdb_name: 'Half-Life' }],
  ['a game that is not stored', [{ igdb_id: '6' }], { ...matched, igdb_id: 6, igdb_name: null }],
  ['the game that it is', [{ igdb_id: '233' }], matched],
  ['no match', [{ igdb_id: 'none' }], { ...ignored, classification: 'game', match_status: 'UNMATCHED' }],
  ['no game', [{ classification: 'tool' }], ignored],
  [
    'a game pinned to what was none',
    [{ igdb_id: '5' }, { view: ignored }],
    { ...matched, igdb_id: 5, igdb_name: 'Half-Life' },
  ],
  [
    'a game after all',
    [{ classification: 'game' }, { view: ignored }],
    { ...ignored, classification: 'game', match_status: null },
  ],
  [
    'a pin that is taken back',
    [{ igdb_id: '', classification: 'game' }, { line: '220,233,,\n' }],
    { ...ignored, classification: 'game', match_status: null },
  ],
  ['a note alone', [{ note: 'why' }, { line: '220,,game,\n' }], matched],
])('%s', async (_what, args, after) => {
  expect(await preview(...args)).toMatchObject({ before: args[1]?.view ?? matched, after, people: 3 });
});

test('what the line has stays where it is not changed, and a line that cannot be used is refused', async () => {
  expect((await preview({ igdb_id: '5' }, { line: '220,233,,ours\n' })).override).toEqual({
    before: { igdb_id: 233, classification: null, note: 'ours' },
    after: { igdb_id: 5, classification: null, note: 'ours' },
  });
  await expect(preview({ igdb_id: 'five' })).rejects.toMatchObject({ code: 'OVERRIDE_INVALID' });
});

test('of an app that no library has nothing is told but the line', async () => {
  const nothing = { findApp: async () => null, findGameName: async () => null };
  expect(await previewOverride(null, 220, { igdb_id: '5' }, nothing)).toEqual({
    appid: 220,
    override: { before: null, after: { igdb_id: 5, classification: null, note: null } },
    name: null,
    before: null,
    after: null,
    people: 0,
  });
});
