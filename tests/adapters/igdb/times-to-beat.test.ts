import { systemClock } from '@savepoint/adapters/igdb/clock.ts';
import { game, numbers, withRows } from './igdb-rows.ts';
import { clientOf, igdbRequests, withIgdb } from './igdb-under-test.ts';

const ids = numbers(1200);
const rows = withRows({ games: ids.map((id) => game(id)) });
const minutes = 60 * 1000;

test('the times of many games come in one request, as far as somebody timed them', () =>
  withIgdb(async (simulators) => {
    const times = await clientOf(simulators).findTimesToBeat(ids);
    expect(times.size).toBeGreaterThan(400);
    expect(times.size).toBeLessThan(800);
    for (const time of times.values()) {
      expect(time.timeToBeatNormallySeconds).toBeGreaterThan(time.timeToBeatHastilySeconds!);
      expect(Object.keys(time)).toHaveLength(3);
    }
    const [request, ...others] = igdbRequests(simulators);
    expect([request?.path, request?.body.match(/query game_time_to_beats/g)?.length, others]).toEqual([
      '/v4/multiquery',
      3,
      [],
    ]);
  }, rows));

test('no games, no request', () =>
  withIgdb(async (simulators) => {
    expect((await clientOf(simulators).findTimesToBeat([])).size).toBe(0);
    expect(igdbRequests(simulators)).toEqual([]);
  }, rows));

test.each([
  ['refused', { status: 404, body: '{"message":"no Route matched with those values"}' }],
  ['not answered', { status: 503 }],
  ['answered with something else', { status: 200, body: '[{"id":1,"game_id":999,"normally":5}]' }],
])('times that are %s cost one request, and none for a while; nothing fails', (_, fault) =>
  withIgdb(async (simulators) => {
    const clock = { ...systemClock, aheadMs: 0, now: () => systemClock.now() + clock.aheadMs };
    const client = clientOf(simulators, { clock });
    simulators.faults.igdb.push({ ...fault, holding: 'game_id', times: Number.POSITIVE_INFINITY });
    expect(await client.findTimesToBeat([1, 2, 3])).toEqual(new Map());
    expect(igdbRequests(simulators)).toHaveLength(1);
    clock.aheadMs = 9 * minutes;
    expect(await client.findTimesToBeat([1, 2, 3])).toEqual(new Map());
    expect(igdbRequests(simulators)).toHaveLength(1);
    simulators.faults.igdb.length = 0;
    clock.aheadMs = 11 * minutes;
    expect((await client.findTimesToBeat(ids.slice(0, 10))).size).toBeGreaterThan(0);
    // Games are asked for as ever.
    expect(await client.findGamesById([1])).toHaveLength(1);
  }, rows),
);

test('an invocation that is out of time gets none, and another is not held to it', () =>
  withIgdb(async (simulators) => {
    const client = clientOf(simulators);
    const stop = new AbortController();
    stop.abort();
    expect((await client.withSignal(stop.signal).findTimesToBeat(ids)).size).toBe(0);
    expect((await client.findTimesToBeat(ids.slice(0, 10))).size).toBeGreaterThan(0);
  }, rows));
