import { createMetrics } from '@savepoint/functions/runtime/metrics.ts';

test('a line in the embedded metric format, under the stage as dimension', () => {
  const lines: string[] = [];
  createMetrics('savepoint-production', (line) => lines.push(line)).put('igdb-enrichment', {
    matched: 7,
    duration_ms: 1200,
  });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^[^\n]*\n$/);
  expect(JSON.parse(lines[0]!)).toEqual({
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        {
          Namespace: 'savepoint-production',
          Dimensions: [['service']],
          Metrics: [
            { Name: 'matched', Unit: 'Count' },
            { Name: 'duration_ms', Unit: 'Milliseconds' },
          ],
        },
      ],
    },
    service: 'igdb-enrichment',
    matched: 7,
    duration_ms: 1200,
  });
});
