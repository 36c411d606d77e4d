import { killNow, startChildProgram } from '../support/child-program.ts';

/**
 * Enriches a library that `file` yields, in a Node of its own whose heap is a quarter of the function's 560 MB, and
 * prints the outcome. Nothing else is held there: what is published is counted and dropped.
 */
const program = (file: string, overrides = 'null') => `
import { createEnrichmentPorts, enrich } from './tests/support/enrichment-in-memory.ts';

const bytes = (text) => new TextEncoder().encode(text);
function* times(count, textOf) {
  let block = '';
  for (let index = 0; index < count; index += 1) {
    block += textOf(index);
    if (block.length > 60_000) {
      yield bytes(block);
      block = '';
    }
  }
  yield bytes(block);
}
async function* file() { ${file} }
async function* overrides() { ${overrides} }
const gameOf = (igdbId) => ({
  igdbId, slug: 'game-' + igdbId, name: 'Game ' + igdbId, summary: 'ß'.repeat(1000), releaseDate: null,
  coverImageId: null, genres: null, platforms: null, gameType: 0, parentGameId: null, versionParentId: null,
  updatedAt: null, alternativeNames: [],
});
const { ports, objects } = createEnrichmentPorts({
  findGamesBySteamAppId: async (appIds) => new Map(appIds.map((appId) => [appId, [gameOf(appId)]])),
  findTimesToBeat: async () => new Map(),
  findGamesById: async (igdbIds) => igdbIds.map(gameOf),
  findGamesByName: async () => [],
  findNamesakes: async () => [],
  searchGames: async (titles) => titles.map(() => []),
});
let published = 0;
const [outcome] = await enrich(['big'], {
  ...ports,
  openLibrary: async () => file(),
  openOverrides: async () => (${overrides === 'null'} ? null : overrides()),
  createLibrary: async () => ({
    write: async (lines) => { published += lines.length; },
    finish: async () => undefined,
    discard: async () => undefined,
  }),
  saveCheckpoint: async () => undefined,
}).catch((reason) => [{ status: 'rejected', reason }]);
const rejects = [...objects].filter(([key]) => key.startsWith('rejects/')).map(([key, text]) => text.length);
const { status, value, reason } = outcome;
console.log(JSON.stringify({ status, ...value, code: reason?.code, message: reason?.message, rejects, published }));
`;

type Outcome = { status: string; code?: string; matched?: number; rejects: number[] };

async function outcomeOf(file: string, overrides?: string): Promise<Outcome> {
  const child = await startChildProgram(program(file, overrides), ['--max-old-space-size=140']);
  await killNow(child);
  return JSON.parse(child.firstLine);
}

const header = `yield bytes('appid,name,playtime_forever\\n');`;
const oneApp = `${header} yield bytes('1,Game 1,1\\n');`;
const overridesHeader = `yield bytes('appid,igdb_id,classification,note\\n');`;

test('a million rows of which none can be used are given up', async () => {
  const rows = `yield* times(1_000_000, (row) => 'x' + row + ',Nobody,1\\n');`;
  expect(await outcomeOf(header + rows)).toMatchObject({ status: 'rejected', code: 'CSV_MALFORMED' });
}, 120_000);

test('240 MB of rows of which none can be used are told in 6 MB', async () => {
  const rows = `yield* times(10_000, (row) => 'x' + row + ',' + 'ß'.repeat(12_000) + ',1\\n');`;
  const { code, rejects } = await outcomeOf(header + rows);
  expect(code).toBe('CSV_NO_USABLE_ROWS');
  expect(rejects[0]).toBeLessThan(6_000_000);
}, 120_000);

test('100,000 rows that cannot be used do not keep the last one from its place', async () => {
  const rows = `yield* times(100_000, (row) => 'x' + row + ',Nobody,1\\n'); yield bytes('1,Game 1,1\\n');`;
  const outcome = await outcomeOf(header + rows);
  expect(outcome).toMatchObject({ status: 'fulfilled', matched: 1, rejected: 100_000 });
  expect(outcome.rejects[0]).toBeLessThan(1_000_000);
}, 120_000);

test('200,000 apps with long summaries are enriched', async () => {
  const rows = `yield* times(200_000, (row) => (row + 1) + ',Game ' + (row + 1) + ',1\\n');`;
  expect(await outcomeOf(header + rows)).toMatchObject({ status: 'fulfilled', matched: 200_000 });
}, 120_000);

test('800,000 lines of overrides stop enrichment, in the same memory', async () => {
  const lines = `yield* times(800_000, (row) => (row + 1) + ',5,,because\\n');`;
  expect(await outcomeOf(oneApp, overridesHeader + lines)).toMatchObject({
    status: 'rejected',
    code: 'OVERRIDES_UNUSABLE',
  });
}, 120_000);

test('100,000 overrides with the longest notes hold', async () => {
  const lines = `yield* times(100_000, (row) => (row + 1) + ',5,,' + 'ß'.repeat(500) + '\\n');`;
  expect(await outcomeOf(oneApp, overridesHeader + lines)).toMatchObject({
    status: 'fulfilled',
    matched: 1,
    overrides_rejected: 0,
  });
}, 120_000);
