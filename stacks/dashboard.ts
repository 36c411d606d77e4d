import type { StageName } from '../packages/core/topology.ts';
import { deadLetterQueueName, queueName, stageNames } from '../packages/core/topology.ts';
import type { Deployment } from './deployment.ts';

const periodSeconds = 300;
const columns = 24;
const topHeight = 4;

/** One page for the question "is it working?": what to do, which alarms sound, then the numbers. Made after all alarms. */
export function createDashboard(deployment: Deployment, apiId: $util.Input<string>): void {
  const { region } = aws.getRegionOutput();
  const { accountId } = aws.getCallerIdentityOutput();
  const { partition } = aws.getPartitionOutput();
  const names = [...deployment.alarms.alarms.values()].flat().map(({ name }) => name);
  new aws.cloudwatch.Dashboard('Dashboard', {
    dashboardName: deployment.name,
    dashboardBody: $util
      .all([apiId, region, accountId, partition])
      .apply(([api, regionName, account, part]) => {
        const alarmArn = (name: string) => `arn:${part}:cloudwatch:${regionName}:${account}:alarm:${name}`;
        return JSON.stringify({
          widgets: [
            { type: 'text', x: 0, y: 0, width: 8, height: topHeight, properties: { markdown: whatToDo } },
            {
              type: 'alarm',
              x: 8,
              y: 0,
              width: columns - 8,
              height: topHeight,
              properties: { title: 'Alarms', alarms: names.map(alarmArn) },
            },
            ...dashboardMetrics(deployment.name, api).map(({ title, stat, metrics }, index) => ({
              type: 'metric',
              x: 8 * (index % 3),
              y: topHeight + 6 * Math.floor(index / 3),
              width: 8,
              height: 6,
              properties: {
                title,
                stat,
                metrics,
                region: regionName,
                period: periodSeconds,
                view: 'timeSeries',
              },
            })),
          ],
        });
      }),
  });
}

const whatToDo = `### Is it working?
An alarm that sounds says what people notice and the first command.
Whatever it is: \`npx savepoint deploy:check --stage ${$app.stage}\`, then docs/operations.md, *Alarms*.
Dead letters: \`npx savepoint dlq causes --stage ${$app.stage}\``;

const dashboardMetrics = (deployment: string, apiId: string) => [
  {
    title: 'Requests',
    stat: 'Sum',
    metrics: ['Count', '4xx', '5xx'].map((metric) => ['AWS/ApiGateway', metric, 'ApiId', apiId]),
  },
  {
    title: 'Messages waiting',
    stat: 'Maximum',
    metrics: queueMetrics(deployment, 'ApproximateNumberOfMessagesVisible'),
  },
  {
    title: 'Age of the oldest message',
    stat: 'Maximum',
    metrics: queueMetrics(deployment, 'ApproximateAgeOfOldestMessage'),
  },
  {
    title: 'Dead letters',
    stat: 'Maximum',
    metrics: stageNames.map((name) => [
      'AWS/SQS',
      'ApproximateNumberOfMessagesVisible',
      'QueueName',
      deadLetterQueueName(deployment, name),
    ]),
  },
  {
    title: 'Duration',
    stat: 'p95',
    metrics: [...stageNames, 'api'].map((name) => [
      'AWS/Lambda',
      'Duration',
      'FunctionName',
      `${deployment}-${name}`,
    ]),
  },
  {
    title: 'Imports completed and failed attempts',
    stat: 'Sum',
    metrics: [
      ownMetric(deployment, 'imports', 'database-import'),
      ...stageNames.map((name) => ownMetric(deployment, 'failures', name)),
    ],
  },
  {
    title: 'Games matched, unmatched, not looked up, bad rows',
    stat: 'Sum',
    metrics: ['matched', 'unmatched', 'pending', 'rejected'].map((name) =>
      ownMetric(deployment, name, 'igdb-enrichment'),
    ),
  },
  {
    title: 'IGDB requests, refusals (429), steps refused (400, 404)',
    stat: 'Sum',
    metrics: ['igdb_requests', 'igdb_rate_limited', 'igdb_refused_steps'].map((name) =>
      ownMetric(deployment, name, 'igdb-enrichment'),
    ),
  },
];

/** What the functions themselves count, in `packages/functions/runtime/metrics.ts`. */
const ownMetric = (deployment: string, name: string, stage: StageName) => [
  deployment,
  name,
  'service',
  stage,
];

const queueMetrics = (deployment: string, metric: string) =>
  stageNames.map((name) => ['AWS/SQS', metric, 'QueueName', queueName(deployment, name)]);
