import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCloudWatchMetrics } from '@savepoint/adapters/cloudwatch/metrics.ts';

type Query = {
  Id: string;
  MetricStat: {
    Metric: { Namespace: string; MetricName: string; Dimensions: { Name: string; Value: string }[] };
    Period: number;
    Stat: string;
  };
};
type Question = { StartTime: number; EndTime: number; MetricDataQueries: Query[]; NextToken?: string };

/** As CloudWatch answers in its JSON protocol: times are seconds. */
let server: Server;
let questions: Question[];
let answer: (question: Question) => { status?: number; body: unknown };
beforeEach(async () => {
  questions = [];
  server = createServer(async (request, response) => {
    expect(request.headers['x-amz-target']).toBe('GraniteServiceVersion20100801.GetMetricData');
    const question = JSON.parse((await request.toArray()).join('')) as Question;
    questions.push(question);
    const { status = 200, body } = answer(question);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

const start = Date.parse('2026-11-26T10:07:30Z');
let nowMs = start;
const connect = () => {
  nowMs = start;
  return createCloudWatchMetrics(
    {
      region: 'eu-central-1',
      endpointUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    },
    'savepoint-test',
    () => new Date(nowMs),
  );
};
const nothing = () => ({ body: { MetricDataResults: [] } });

test('it asks for what the functions and SQS write, and reads an answer of several pages', async () => {
  const [first, second] = [
    Date.parse('2026-11-26T09:08:00Z') / 1000,
    Date.parse('2026-11-26T10:07:00Z') / 1000,
  ];
  answer = ({ NextToken }) =>
    NextToken === undefined
      ? {
          body: {
            MetricDataResults: [
              { Id: 'imports_database_import', Timestamps: [first], Values: [3], StatusCode: 'PartialData' },
              { Id: 'dead_letters_steam_import', Timestamps: [first], Values: [2], StatusCode: 'Complete' },
            ],
            NextToken: 'more',
          },
        }
      : {
          body: {
            MetricDataResults: [
              { Id: 'imports_database_import', Timestamps: [second], Values: [4] },
              { Id: 'duration_ms_igdb_enrichment', Timestamps: [second], Values: [1500.4] },
            ],
          },
        };
  const series = await connect().series(1);
  expect(questions.map(({ NextToken }) => NextToken)).toEqual([undefined, 'more']);
  expect(questions[0]).toMatchObject({ StartTime: first, EndTime: second + 60 });
  const asked = questions[0]!.MetricDataQueries.map(({ Id, MetricStat: { Metric, Period, Stat } }) => {
    const [dimension] = Metric.Dimensions;
    return [Id, Metric.Namespace, Metric.MetricName, dimension?.Name, dimension?.Value, Stat, Period];
  });
  expect(asked).toHaveLength(10);
  expect(new Set(asked.map(([id]) => id)).size).toBe(10);
  for (const row of [
    ['imports_database_import', 'savepoint-test', 'imports', 'service', 'database-import', 'Sum', 60],
    ['failures_steam_import', 'savepoint-test', 'failures', 'service', 'steam-import', 'Sum', 60],
    [
      'duration_ms_igdb_enrichment',
      'savepoint-test',
      'duration_ms',
      'service',
      'igdb-enrichment',
      'Average',
      60,
    ],
    [
      'dead_letters_steam_import',
      'AWS/SQS',
      'ApproximateNumberOfMessagesVisible',
      'QueueName',
      'savepoint-test-steam-import-dlq',
      'Maximum',
      60,
    ],
  ])
    expect(asked).toContainEqual(row);
  const pointsOf = (name: string) => series.find((each) => each.name === name)?.points ?? [];
  expect(pointsOf('imports')).toHaveLength(60);
  expect(pointsOf('imports').filter(({ value }) => value > 0)).toEqual([
    { at: '2026-11-26T09:08:00.000Z', value: 3 },
    { at: '2026-11-26T10:07:00.000Z', value: 4 },
  ]);
  expect(pointsOf('dead_letters')).toEqual([{ at: '2026-11-26T09:08:00.000Z', value: 2 }]);
  expect(pointsOf('igdb_enrichment_ms')).toEqual([{ at: '2026-11-26T10:07:00.000Z', value: 1500 }]);
});

test('an answer is kept for a minute, for as many hours; CloudWatch is asked once by many', async () => {
  answer = nothing;
  const metrics = connect();
  await Promise.all([metrics.series(1), metrics.series(1)]);
  nowMs += 59_000;
  await metrics.series(1);
  expect(questions).toHaveLength(1);
  await metrics.series(24);
  expect(questions).toHaveLength(2);
  nowMs += 1000;
  await metrics.series(1);
  expect(questions).toHaveLength(3);
});

test('a refusal is a failure that may pass, is not kept, and says what is missing', async () => {
  answer = () => ({ status: 400, body: { __type: 'AccessDeniedException', message: 'no' } });
  const metrics = connect();
  await expect(metrics.series(1)).rejects.toMatchObject({
    code: 'METRICS_UNAVAILABLE',
    retryable: true,
    operatorHint: expect.stringContaining('AccessDeniedException'),
  });
  answer = nothing;
  expect(await metrics.series(1)).toHaveLength(6);
});

test('pages that lead to themselves come to an end', async () => {
  answer = () => ({ body: { MetricDataResults: [], NextToken: 'the same' } });
  expect(await connect().series(1)).toHaveLength(6);
  expect(questions).toHaveLength(2);
});
