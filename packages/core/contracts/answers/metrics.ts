import * as v from 'valibot';
import { metricNames } from '../../operations/metrics.ts';

/** `GET /metrics`. */
export const MetricsAnswer = v.object({
  series: v.array(
    v.object({
      name: v.picklist(metricNames),
      points: v.array(v.object({ at: v.pipe(v.string(), v.isoTimestamp()), value: v.number() })),
    }),
  ),
});
export type MetricsAnswer = v.InferOutput<typeof MetricsAnswer>;
