import { CloudWatchClient, type MetricDataQuery, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';
import { PipelineError } from '@savepoint/core/errors.ts';
import {
  type Metrics,
  metricSources,
  type MetricsWindow,
  metricsWindow,
  type Series,
  seriesOf,
  type Source,
  statistics,
} from '@savepoint/core/operations/metrics.ts';
import { deadLetterQueueName } from '@savepoint/core/topology.ts';
import { awsClientOptions, awsLimits } from '../aws-client.ts';
import type { AwsEndpoint } from '../aws-endpoint.ts';
import { within } from '../within.ts';

/** Each question costs money, and CloudWatch itself knows nothing newer than a minute. */
const keptMs = 60_000;
const patienceSeconds = 15;

/** The metrics of a deployment, kept for a minute for each number of hours. */
export function createCloudWatchMetrics(
  endpoint: AwsEndpoint,
  deployment: string,
  now: () => Date = () => new Date(),
): Metrics {
  const client = new CloudWatchClient(awsClientOptions(endpoint, awsLimits.cloudWatch));
  const kept = new Map<number, { askedMs: number; series: Promise<Series[]> }>();
  return {
    series(hours) {
      const last = kept.get(hours);
      const askedMs = now().getTime();
      if (last && askedMs - last.askedMs < keptMs) return last.series;
      const series = readSeries(client, deployment, metricsWindow(hours, now()));
      kept.set(hours, { askedMs, series });
      series.catch(() => kept.delete(hours));
      return series;
    },
  };
}

async function readSeries(
  client: CloudWatchClient,
  deployment: string,
  window: MetricsWindow,
): Promise<Series[]> {
  try {
    const values = await within(patienceSeconds, readValues(client, deployment, window));
    return seriesOf(window, (source, stepMs) => values.get(keyOf(idOf(source), stepMs)));
  } catch (error) {
    const reason = (error as Error).name;
    throw new PipelineError('METRICS_UNAVAILABLE', 'CloudWatch did not tell the metrics.', {
      retryable: true,
      operatorHint: `CloudWatch did not answer as it should (${reason}): the function needs cloudwatch:GetMetricData.`,
      details: { reason },
      cause: error,
    });
  }
}

/** Of a question; CloudWatch takes letters, digits and underscores. */
const idOf = ({ stage, measure }: Source): string => `${measure}_${stage.replaceAll('-', '_')}`;
const keyOf = (id: string, stepMs: number): string => `${id} ${stepMs}`;

async function readValues(
  client: CloudWatchClient,
  deployment: string,
  { from, until, stepSeconds }: MetricsWindow,
): Promise<Map<string, number>> {
  const values = new Map<string, number>();
  // All of it is far below what one page holds; a page that leads to itself ends it.
  const pages = paginateGetMetricData(
    { client, stopOnSameToken: true },
    {
      StartTime: from,
      EndTime: until,
      MetricDataQueries: metricSources.map((source) => queryOf(deployment, source, stepSeconds)),
    },
  );
  for await (const { MetricDataResults = [] } of pages)
    for (const { Id = '', Timestamps = [], Values = [] } of MetricDataResults)
      for (const [index, time] of Timestamps.entries())
        values.set(keyOf(Id, time.getTime()), Values[index] ?? 0);
  return values;
}

const statisticNames = { sum: 'Sum', average: 'Average', most: 'Maximum' } as const;

const queryOf = (deployment: string, source: Source, Period: number): MetricDataQuery => ({
  Id: idOf(source),
  MetricStat: {
    Metric: metricOf(deployment, source),
    Period,
    Stat: statisticNames[statistics[source.measure]],
  },
});

/** Where the functions (`packages/functions/runtime/metrics.ts`) and SQS put it. */
const metricOf = (deployment: string, { stage, measure }: Source) =>
  measure === 'dead_letters'
    ? {
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: [{ Name: 'QueueName', Value: deadLetterQueueName(deployment, stage) }],
      }
    : {
        Namespace: deployment,
        MetricName: measure,
        Dimensions: [{ Name: 'service', Value: stage }],
      };
