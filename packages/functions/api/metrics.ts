import { type Metrics, metricsHours } from '@savepoint/core/operations/metrics.ts';
import type { Context } from 'hono';
import * as v from 'valibot';
import { readQuery } from './query.ts';

const { least, standard, most } = metricsHours;
const message = `must be a whole number from ${least} to ${most}`;

export const MetricsQuery = v.strictObject({
  hours: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,3}$/, message),
      v.transform(Number),
      v.minValue(least, message),
      v.maxValue(most, message),
    ),
    String(standard),
  ),
});

/** `GET /metrics`: how the deployment did over the last hours. */
export async function showMetrics(context: Context, metrics: Metrics): Promise<Response> {
  const { hours } = readQuery(context, MetricsQuery);
  return context.json({ series: await metrics.series(hours) });
}
