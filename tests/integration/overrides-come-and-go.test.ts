import { type OperatedStack, startOperatedStack } from '../support/operated-stack.ts';

/** What people decide holds from the next import on, and no longer than they want, whatever is remembered of the apps. */

let stack: OperatedStack;
beforeAll(async () => {
  stack = await startOperatedStack();
});
afterAll(() => stack.close());

const decided = ['220', '400', '500', '620'];

/** A new import of the same library, and what the apps are in the database then. */
async function importAgain(): Promise<Record<string, unknown>[]> {
  await stack.importLibrary('savepoint-sample');
  return stack.query(
    `select app_id, classification, classification_source, match_status, match_method, igdb_id
     from steam_apps left join games on games.id = game_id
     where app_id = any('{${decided.join()}}') order by app_id`,
  );
}
const decide = (appId: string, ...words: string[]) => stack.read('overrides', 'set', appId, ...words);
const undecide = (appId: string) => stack.read('overrides', 'remove', appId, '--yes');
const asked = () =>
  stack.simulators!.requests.filter(({ api, path }) => api !== 'steam' || path.includes('IStoreBrowse'))
    .length;

test('overrides come, change and go, and cost no request while they stay', async () => {
  const before = await importAgain();
  expect(before.map(({ match_method }) => match_method)).toEqual(['uid', 'uid', 'uid', 'uid']);

  await decide('220', '--igdb-id', 'none');
  await decide('400', '--igdb-id', '233');
  await decide('500', '--classification', 'tool');
  const whileDecided = await importAgain();
  expect(whileDecided).toMatchObject([
    { app_id: 220, match_status: 'UNMATCHED', match_method: 'override', igdb_id: null },
    { app_id: 400, match_status: 'MATCHED', match_method: 'override', igdb_id: 233 },
    { app_id: 500, match_status: 'IGNORED', classification: 'tool', classification_source: 'override' },
    before[3],
  ]);

  const requests = asked();
  expect(await importAgain()).toEqual(whileDecided);
  // The pinned game alone is read anew, and then how long it takes.
  expect(asked() - requests).toBe(2);

  await decide('220', '--igdb-id', '72');
  await decide('400', '--igdb-id', 'none');
  expect(await importAgain()).toMatchObject([
    { app_id: 220, match_status: 'MATCHED', match_method: 'override', igdb_id: 72 },
    { app_id: 400, match_status: 'UNMATCHED', match_method: 'override', igdb_id: null },
    whileDecided[2],
    before[3],
  ]);

  for (const appId of ['220', '400', '500']) await undecide(appId);
  expect(await importAgain()).toEqual(before);
}, 120_000);
