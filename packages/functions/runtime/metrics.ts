/** Numbers for CloudWatch, by name. A name that ends in `_ms` is a duration, everything else a count. */
export type Metrics = { put(service: string, values: Readonly<Record<string, number>>): void };

/**
 * Writes metrics as lines in CloudWatch's embedded metric format, which CloudWatch takes out of the function's log:
 * no call, no permission. Dimension `service` is the stage; the dashboard in stacks/dashboard.ts shows them.
 * Why no library does it: docs/decisions/0010-metrics-by-hand.md.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const createMetrics = (namespace: string, write: (line: string) => void): Metrics => ({
  put(service, values) {
    const Metrics = Object.keys(values).map((Name) => ({
      Name,
      Unit: Name.endsWith('_ms') ? 'Milliseconds' : 'Count',
    }));
    const CloudWatchMetrics = [{ Namespace: namespace, Dimensions: [['service']], Metrics }];
    write(`${JSON.stringify({ _aws: { Timestamp: Date.now(), CloudWatchMetrics }, service, ...values })}\n`);
  },
});

/** For one machine, where nobody reads lines. */
export const noMetrics: Metrics = { put: () => undefined };

/** Of the counts that stages answer, those worth a metric of their own. */
const countedNames = ['matched', 'unmatched', 'pending', 'rejected'];

/** What one attempt adds to a stage's metrics. */
export const attemptMetrics = (
  durationMs: number,
  counts: Readonly<Record<string, number>> | null,
): Record<string, number> => ({
  imports: counts === null ? 0 : 1,
  failures: counts === null ? 1 : 0,
  duration_ms: durationMs,
  ...Object.fromEntries(
    countedNames.flatMap((name) => (counts?.[name] === undefined ? [] : [[name, counts[name]]])),
  ),
});
