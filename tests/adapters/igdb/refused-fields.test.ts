import { systemClock } from '@savepoint/adapters/igdb/clock.ts';
import type { LeftOut } from '@savepoint/adapters/igdb/optional-fields.ts';
import { lookUpGames } from '@savepoint/core/enrichment/look-up-games.ts';
import type { Match } from '@savepoint/core/matching/match.ts';
import type { Simulators } from '@savepoint/simulators/start-simulators.ts';
import { game, uidRow, withRows } from './igdb-rows.ts';
import { clientOf, igdbRequests, withIgdb } from './igdb-under-test.ts';

const refuse = (holding: string) => ({
  holding,
  times: Number.POSITIVE_INFINITY,
  status: 400,
  body: JSON.stringify([{ title: 'Invalid Field', status: 400, cause: `Invalid field name '${holding}'` }]),
});
const rows = withRows({
  games: [game(10, 'Hades'), game(20, 'Ashen', { summary: 'Dark.' })],
  externalGames: [uidRow(1, 1, 10)],
});

/** A client on a clock that is moved, with what it left out. */
function createClient(simulators: Simulators) {
  const clock = { ...systemClock, aheadMs: 0, now: () => systemClock.now() + clock.aheadMs };
  const leftOut: LeftOut[] = [];
  const client = clientOf(simulators, { clock, onLeftOut: (told) => leftOut.push(told) });
  const lookUp = async (names: Record<number, string>) => {
    const matches = new Map<number, Match>();
    await lookUpGames(
      Object.entries(names).map(([appId, name]) => ({ appId: Number(appId), name })),
      client,
      { onResolved: (appId, match) => matches.set(appId, match) },
    );
    return matches;
  };
  return { clock, leftOut, client, lookUp };
}

test('a field that IGDB refuses is left out for an hour, everything else is found', () =>
  withIgdb(async (simulators) => {
    const { clock, leftOut, lookUp } = createClient(simulators);
    simulators.faults.igdb.push(refuse('themes.name'));
    const matches = await lookUp({ 1: 'Hades', 2: 'Ashen' });
    expect(matches.get(1)).toMatchObject({
      method: 'uid',
      game: { igdbId: 10, themes: null, gameModes: expect.any(Array), developers: expect.any(Array) },
    });
    expect(matches.get(2)).toMatchObject({
      method: 'name',
      game: { igdbId: 20, themes: null, summary: 'Dark.' },
    });
    expect(leftOut).toEqual([
      { fields: ['themes'], status: 400, title: "Invalid Field: Invalid field name 'themes.name'" },
    ]);
    // Found once by halving; then nobody asks for it.
    expect(igdbRequests(simulators).length).toBeLessThanOrEqual(16);
    const before = igdbRequests(simulators).length;
    clock.aheadMs = 59 * 60 * 1000;
    await lookUp({ 1: 'Hades' });
    expect(igdbRequests(simulators).length).toBe(before + 1);

    clock.aheadMs = 61 * 60 * 1000;
    simulators.faults.igdb.length = 0;
    expect((await lookUp({ 1: 'Hades' })).get(1)).toMatchObject({ game: { themes: expect.any(Array) } });
    expect(leftOut).toHaveLength(1);
  }, rows));

test('several are found, and one of two that need the same is enough', () =>
  withIgdb(async (simulators) => {
    const { leftOut, lookUp } = createClient(simulators);
    simulators.faults.igdb.push(refuse('total_rating_count'), refuse('company.name'));
    const matches = await lookUp({ 1: 'Hades' });
    expect(matches.get(1)).toMatchObject({
      game: { igdbId: 10, ratingCount: null, developers: null, publishers: null, themes: expect.any(Array) },
    });
    expect(leftOut.flatMap(({ fields }) => fields)).toEqual(['ratingCount', 'developers', 'publishers']);
  }, rows));

test('without a field that the match depends on nothing is matched', () =>
  withIgdb(async (simulators) => {
    const { leftOut, lookUp } = createClient(simulators);
    simulators.faults.igdb.push(refuse('game_type'));
    const matches = await lookUp({ 1: 'Hades', 2: 'Ashen' });
    expect([...matches.values()].map(({ status }) => status)).toEqual(['PENDING', 'PENDING']);
    expect(leftOut).toEqual([]);
  }, rows));

test('a name that IGDB refuses costs no field, and one question more', () =>
  withIgdb(async (simulators) => {
    const { leftOut, lookUp } = createClient(simulators);
    simulators.faults.igdb.push(refuse('"Odd name"'));
    const names = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [100 + index, `Game ${index}`]),
    );
    const matches = await lookUp({ ...names, 2: 'Ashen', 3: 'Odd name' });
    expect(matches.get(3)).toMatchObject({ status: 'PENDING' });
    expect(matches.get(2)).toMatchObject({ game: { igdbId: 20, themes: expect.any(Array) } });
    expect(leftOut).toEqual([]);
    const probes = igdbRequests(simulators).filter(
      ({ path, body }) => path === '/v4/games' && body.includes('where id = 2147483647'),
    );
    expect(probes).toHaveLength(1);
  }, rows));
