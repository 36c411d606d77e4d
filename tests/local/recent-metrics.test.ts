import type { QueueDepth } from '@savepoint/core/operations/stage-queues.ts';
import type { Series } from '@savepoint/core/operations/metrics.ts';
import { createRecentMetrics } from '@savepoint/local/recent-metrics.ts';
import { startTestStack } from '../support/stack.ts';

const sumOf = (series: readonly Series[], name: string) =>
  (series.find((each) => each.name === name)?.points ?? []).reduce((total, { value }) => total + value, 0);

test('a stack tells its imports, failures, dead letters and durations as they come', async () => {
  const stack = await startTestStack();
  try {
    const read = async (query = '') => {
      const answer = await fetch(`${stack.apiUrl}/metrics${query}`);
      return ((await answer.json()) as { series: Series[] }).series;
    };
    expect(sumOf(await read(), 'imports')).toBe(0);
    expect((await stack.importLibrary('savepoint-sample')).status).toBe('completed');
    await stack.importLibrary('savepoint-private');
    for (const series of [await read(), await read('?hours=24')]) {
      expect(series.map(({ name }) => name)).toEqual([
        'imports',
        'failures',
        'dead_letters',
        'steam_import_ms',
        'igdb_enrichment_ms',
        'database_import_ms',
      ]);
      expect(sumOf(series, 'imports')).toBe(1);
      expect(sumOf(series, 'failures')).toBe(1);
      expect(series[2]!.points.at(-1)!.value).toBe(1);
      for (const { name, points } of series.slice(3)) {
        expect([name, points.length]).toEqual([name, expect.any(Number)]);
        expect(points.at(-1)!.value).toBeGreaterThan(0);
        expect(points.at(-1)!.value).toBeLessThan(60_000);
      }
    }
    for (const hours of ['0', '25', '-1', '1.5', 'x', ''])
      expect(await stack.request(`/metrics?hours=${hours}`)).toMatchObject({
        status: 400,
        body: { code: 'PARAMETER_INVALID', detail: 'hours must be a whole number from 1 to 24.' },
      });
    expect((await stack.request('/metrics?hour=2')).body.code).toBe('UNKNOWN_PARAMETER');
  } finally {
    await stack.close();
  }
});

test('minutes become steps, nothing is told of before the start, and what is older than a day is dropped', async () => {
  let nowMs = Date.parse('2026-11-26T10:00:30Z');
  const passMinutes = (minutes: number) => {
    nowMs += minutes * 60_000;
  };
  let depths: QueueDepth[] = [];
  const metrics = createRecentMetrics({ depths: async () => depths }, () => new Date(nowMs));
  const deadLetters = (dead_letters: number) => {
    depths = [{ stage: 'steam-import', waiting: 0, in_flight: 0, delayed: 0, dead_letters }];
  };
  try {
    metrics.put('igdb-enrichment', { imports: 1, failures: 0, duration_ms: 1000, matched: 7 });
    metrics.put('database-import', { imports: 1, failures: 0, duration_ms: 10 });
    deadLetters(4);
    await metrics.series(1);
    passMinutes(2);
    metrics.put('igdb-enrichment', { failures: 1, imports: 0, duration_ms: 3000 });
    metrics.put('somebody', { failures: 1 });
    deadLetters(1);
    const points = async (hours: number) =>
      Object.fromEntries(
        (await metrics.series(hours)).map(({ name, points }) => [
          name,
          points.map(({ at, value }) => [at.slice(11, 16), value]),
        ]),
      );
    expect(await points(1)).toMatchObject({
      imports: [
        ['10:00', 1],
        ['10:01', 0],
        ['10:02', 0],
      ],
      failures: [
        ['10:00', 0],
        ['10:01', 0],
        ['10:02', 1],
      ],
      dead_letters: [
        ['10:00', 4],
        ['10:02', 1],
      ],
      igdb_enrichment_ms: [
        ['10:00', 1000],
        ['10:02', 3000],
      ],
    });
    expect(await points(6)).toMatchObject({
      failures: [['10:00', 1]],
      dead_letters: [['10:00', 4]],
      igdb_enrichment_ms: [['10:00', 2000]],
    });
    depths = [];
    passMinutes(24 * 60 - 15);
    expect((await points(24)).failures).toHaveLength(96);
    expect((await points(24)).failures![0]).toEqual(['10:00', 1]);
    passMinutes(15);
    const later = await points(24);
    expect(later.failures!.every(([, value]) => value === 0)).toBe(true);
    expect(later.dead_letters).toEqual([]);
  } finally {
    await metrics.close();
  }
});
