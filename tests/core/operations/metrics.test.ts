import { metricsWindow, seriesOf } from '@savepoint/core/operations/metrics.ts';

const now = new Date('2026-11-26T10:07:30Z');

test.each([
  [1, '2026-11-26T09:08:00.000Z', '2026-11-26T10:08:00.000Z', 60],
  [2, '2026-11-26T08:10:00.000Z', '2026-11-26T10:10:00.000Z', 300],
  [6, '2026-11-26T04:10:00.000Z', '2026-11-26T10:10:00.000Z', 300],
  [7, '2026-11-26T03:15:00.000Z', '2026-11-26T10:15:00.000Z', 900],
  [24, '2026-11-25T10:15:00.000Z', '2026-11-26T10:15:00.000Z', 900],
])('%i hours are whole steps, with the one that is under way as the last', (hours, from, until, seconds) => {
  expect(metricsWindow(hours, now)).toEqual({
    from: new Date(from),
    until: new Date(until),
    stepSeconds: seconds,
  });
});

test('counts of stages are added up and are 0 where nothing ran; nobody guesses the rest', () => {
  const window = { from: new Date(0), until: new Date(120_000), stepSeconds: 60 };
  const measured: Record<string, number[]> = {
    'database-import imports': [2],
    'steam-import failures': [1, 3],
    'igdb-enrichment failures': [0, 4],
    'steam-import dead_letters': [5],
    'igdb-enrichment dead_letters': [2],
    'igdb-enrichment duration_ms': [0.6, 1234.5],
  };
  const series = seriesOf(window, ({ stage, measure }, ms) => measured[`${stage} ${measure}`]?.[ms / 60_000]);
  const [first, second] = ['1970-01-01T00:00:00.000Z', '1970-01-01T00:01:00.000Z'];
  const point = (at: string | undefined, value: number) => ({ at, value });
  expect(series).toEqual([
    { name: 'imports', points: [point(first, 2), point(second, 0)] },
    { name: 'failures', points: [point(first, 1), point(second, 7)] },
    { name: 'dead_letters', points: [point(first, 7)] },
    { name: 'steam_import_ms', points: [] },
    { name: 'igdb_enrichment_ms', points: [point(first, 1), point(second, 1235)] },
    { name: 'database_import_ms', points: [] },
  ]);
});
