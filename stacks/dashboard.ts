import { deadLetterQueueName, queueName, stageNames } from '../packages/core/topology.ts';
import type { Deployment } from './function.ts';
import { componentName } from './function.ts';

const periodSeconds = 300;
const matchCounts = ['matched', 'unmatched'];

/** Counts of games, read from the line that the enrichment logs for each import. */
export function countMatches(deployment: Deployment, enrichment: sst.aws.Function): void {
  for (const count of matchCounts) {
    new aws.cloudwatch.LogMetricFilter(`Count${componentName(count)}`, {
      name: `${deployment.name}-${count}`,
      logGroupName: enrichment.nodes.logGroup.apply((group) => group!.name),
      pattern: `{ $.outcome = "completed" && $.counts.${count} = * }`,
      metricTransformation: {
        name: count,
        namespace: deployment.name,
        value: `$.counts.${count}`,
        unit: 'Count',
      },
    });
  }
}

/** One page for the question "is it working?". */
export function createDashboard(deployment: Deployment, apiId: $util.Input<string>): void {
  const { region } = aws.getRegionOutput();
  new aws.cloudwatch.Dashboard('Dashboard', {
    dashboardName: deployment.name,
    dashboardBody: $util.all([apiId, region]).apply(([api, regionName]) =>
      JSON.stringify({
        widgets: dashboardMetrics(deployment.name, api).map(({ title, stat, metrics }, index) => ({
          type: 'metric',
          x: 8 * (index % 3),
          y: 6 * Math.floor(index / 3),
          width: 8,
          height: 6,
          properties: { title, stat, metrics, region: regionName, period: periodSeconds, view: 'timeSeries' },
        })),
      }),
    ),
  });
}

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
    title: 'Games matched and unmatched',
    stat: 'Sum',
    metrics: matchCounts.map((count) => [deployment, count]),
  },
];

const queueMetrics = (deployment: string, metric: string) =>
  stageNames.map((name) => ['AWS/SQS', metric, 'QueueName', queueName(deployment, name)]);
