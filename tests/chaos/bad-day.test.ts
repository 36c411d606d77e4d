import { jest } from '@jest/globals';
import type { DeadLetter } from '@savepoint/core/contracts/dead-letter.ts';
import type { ImportView } from '@savepoint/core/contracts/import-view.ts';
import { libraryKeyOf, printLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import { maxReceiveCount } from '@savepoint/core/topology.ts';
import { type Simulators, sampleAccounts } from '@savepoint/simulators/start-simulators.ts';
import { type CuttableProxy, startCuttableProxy } from '../support/cuttable-proxy.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { impatient, type OperatedStack, startOperatedStack } from '../support/operated-stack.ts';

/** Everything that can be down is down once, and an operator with `savepoint` and HTTP brings every library home. */

/** Every stage may spend all its attempts. */
jest.setTimeout(90_000);

let database: TestDatabase;
let line: CuttableProxy;
let stack: OperatedStack;
let simulators: Simulators;

beforeAll(async () => {
  database = await createTestDatabase();
  const url = new URL(database.url);
  line = await startCuttableProxy({ host: url.hostname, port: Number(url.port) });
  url.port = String(line.port);
  stack = await startOperatedStack({ DATABASE_URL: url.href }, impatient);
  simulators = stack.simulators!;
});
afterAll(async () => {
  await stack.close();
  await line.close();
  await database.drop();
});

const requestImport = async (steamId: string) =>
  (await stack.read<{ import_id: string }>('import', steamId)).import_id;
const viewOf = (importId: string) => stack.read<ImportView>('status', importId);
const storyOf = async (importId: string) => (await stack.run('status', importId)).stdout;
const stageOf = (view: ImportView, name: string) => view.stages.find((stage) => stage.name === name)!;
const isRetrying = (view: ImportView) => view.stages.some(({ status }) => status === 'retrying');
/** Between two attempts, or at a later one. */
const inTrouble = (stage: string) => new RegExp(`${stage} (failed|is) at attempt \\d+ of ${maxReceiveCount}`);
const countEntries = async (steamId: string) =>
  (
    await stack.query<{ count: number }>('select count(*)::int from library_entries where steam_id = $1', [
      steamId,
    ])
  )[0]!.count;

test('Steam is down: tried again and again, then a dead letter, then redriven', async () => {
  const { steamId } = sampleAccounts.middling;
  simulators.faults.steam.push({ path: 'GetOwnedGames', status: 503, times: 1000 });
  const importId = await requestImport(steamId);

  const { error, next_attempt_at } = stageOf(await stack.waitFor(importId, isRetrying), 'steam-import');
  expect(error).toMatchObject({ code: 'STEAM_UNAVAILABLE', retryable: true });
  expect(Date.parse(next_attempt_at!)).not.toBeNaN();
  expect(await storyOf(importId)).toMatch(inTrouble('steam-import'));

  expect(stageOf(await stack.waitFor(importId), 'steam-import')).toMatchObject({
    status: 'failed',
    attempts: maxReceiveCount,
  });
  const story = await storyOf(importId);
  expect(story).toContain('for the operator  Steam gave no usable answer (HTTP 503)');
  expect(story).toContain(`npx savepoint dlq redrive --import ${importId}`);
  const { messages } = await stack.read<{ messages: DeadLetter[] }>('dlq', 'list', 'steam-import');
  expect(messages).toMatchObject([
    {
      import_id: importId,
      attempts: maxReceiveCount,
      error: { code: 'STEAM_UNAVAILABLE' },
      stage: 'steam-import',
    },
  ]);

  simulators.faults.steam.length = 0;
  expect(await stack.read('dlq', 'redrive', 'steam-import', '--dry-run')).toMatchObject({
    moved: 0,
    matching: 1,
  });
  expect(await stack.read('dlq', 'redrive', 'steam-import')).toMatchObject({ moved: 1, matching: 1 });
  await stack.waitFor(importId, ({ status }) => status === 'completed');
});

test('a private profile is given up at once, and redriven when it is public', async () => {
  const { steamId } = sampleAccounts.private;
  const importing = await stack.run('import', steamId, '--wait');
  expect(importing.exitCode).toBe(1);
  expect(importing.stdout).toContain('set “Game details” to Public');
  expect(importing.stdout).toContain('gave up after 1 attempt;');
  const [{ import_id: importId }] = (
    await stack.read<{ imports: [ImportView] }>('imports', '--steam-id', steamId)
  ).imports;

  // Too early: it comes back, once.
  expect(await stack.read('dlq', 'redrive', 'steam-import', '--import', importId)).toMatchObject({
    moved: 1,
    matching: 1,
  });
  const deadLettersOf = async () => (await stack.request('/queues/steam-import/dead-letters')).body.messages;
  let [letter] = await deadLettersOf();
  while (letter?.attempts !== 2) [letter] = await deadLettersOf();

  simulators.control.updateAccount(steamId, { gameDetails: 'public' });
  const { body } = await stack.request('/queues/steam-import/redrive', {
    method: 'POST',
    body: { import_id: importId },
  });
  expect(body).toMatchObject({ moved: 1, matching: 1 });
  await stack.waitFor(importId, ({ status }) => status === 'completed');
  expect(await countEntries(steamId)).toBe(40);
});

test('a broken CSV is told of, mended and dropped again, and its dead letter discarded', async () => {
  const importId = '76561197960287930-2026-11-23';
  await stack.putObject(
    printLibraryKey(libraryKeyOf('raw', importId)),
    Buffer.from([0x61, 0x70, 0x70, 0x69, 0x64, 0x0a, 0xff, 0xfe]),
  );
  await stack.waitFor(importId);
  const story = await storyOf(importId);
  expect(story).toContain('Started by a file in the bucket');
  expect(story).toContain('CSV_NOT_UTF8');
  expect(story).toContain('Save it as “CSV UTF-8” and upload it again');
  const shown = await stack.run('dlq', 'show', 'igdb-enrichment', '--import', importId);
  expect(shown.stdout).toContain(printLibraryKey(libraryKeyOf('raw', importId)));

  await stack.putObject(
    printLibraryKey(libraryKeyOf('raw', importId)),
    'appid,name\n220,Half-Life 2\nnonsense,Nothing\n',
  );
  await stack.waitFor(importId, ({ status }) => status === 'completed');
  expect(await storyOf(importId)).toMatch(/Stored 1 game .* 1 bad row\./);

  const discard = ['dlq', 'discard', 'igdb-enrichment', '--import', importId];
  expect((await stack.run(...discard)).exitCode).toBe(2);
  expect(await stack.read(...discard, '--yes')).toMatchObject({ discarded: 1, matching: 1 });
});

test('the database is down: the load waits as a dead letter, and nothing is asked of Steam or IGDB again', async () => {
  line.cut();
  const importId = await requestImport(sampleAccounts.middling.steamId);
  expect(stageOf(await stack.waitFor(importId), 'database-import')).toMatchObject({
    status: 'failed',
    attempts: maxReceiveCount,
  });
  const story = await storyOf(importId);
  expect(story).toContain('DATABASE_UNAVAILABLE');
  expect(story).toContain('see whether PostgreSQL runs');

  line.mend();
  const asked = simulators.requests.length;
  expect(await stack.read('dlq', 'redrive', 'database-import', '--import', importId)).toMatchObject({
    moved: 1,
    matching: 1,
  });
  await stack.waitFor(importId, ({ status }) => status === 'completed');
  expect(simulators.requests.length).toBe(asked);
});

test('IGDB refuses everybody for a while: the import comes home by itself', async () => {
  const { steamId } = sampleAccounts.thousand;
  simulators.faults.igdb.push({ status: 429, times: 1000 });
  const importId = await requestImport(steamId);
  const { error } = stageOf(await stack.waitFor(importId, isRetrying), 'igdb-enrichment');
  expect(error).toMatchObject({ code: 'IGDB_RATE_LIMITED', retryable: true });
  expect(await storyOf(importId)).toMatch(inTrouble('igdb-enrichment'));
  simulators.faults.igdb.length = 0;
  const view = await stack.waitFor(importId);
  expect(view.status).toBe('completed');
  expect(stageOf(view, 'igdb-enrichment').attempts).toBeGreaterThan(1);
});

test('at the end of the day every library is complete and nothing is left over', async () => {
  const { imports } = await stack.read<{ imports: ImportView[] }>('imports');
  expect(imports.map(({ status }) => status)).toEqual(Array(5).fill('completed'));
  expect(await countEntries(sampleAccounts.middling.steamId)).toBe(180);
  expect(await countEntries(sampleAccounts.thousand.steamId)).toBe(1000);
  const { queues } = await stack.read<{ queues: Record<string, number | null>[] }>('queues');
  expect(queues.map(({ stage: _stage, ...counts }) => counts)).toEqual(
    Array(3).fill({ waiting: 0, in_flight: 0, delayed: 0, dead_letters: 0, oldest_seconds: null }),
  );
  expect(await stack.read('reconcile', '--older-than', '0s')).toMatchObject({ queued: [], postponed: [] });
  expect((await viewOf(imports[0]!.import_id)).result).toMatchObject({ rejected: 0 });
});
