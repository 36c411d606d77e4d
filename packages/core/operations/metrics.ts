import { type StageName, stageNames } from '../topology.ts';

/** How a deployment did over the last hours: which series there are, over which steps, and what a value means. */

/** What each stage measures: see `attemptMetrics` of the functions; and how many dead letters it has. */
export type Measure = 'imports' | 'failures' | 'duration_ms' | 'dead_letters';
export type Source = { stage: StageName; measure: Measure };

/** What the values of one step come to. Counts are of attempts that ended, durations of an attempt. */
export const statistics = {
  imports: 'sum',
  failures: 'sum',
  duration_ms: 'average',
  dead_letters: 'most',
} as const satisfies Record<Measure, 'sum' | 'average' | 'most'>;

/** By name; a name that ends in `_ms` counts milliseconds, every other things. Several stages are added up. */
export const metricSeries = {
  /** Libraries that reached the database. */
  imports: { measure: 'imports', stages: ['database-import'] },
  failures: { measure: 'failures', stages: stageNames },
  dead_letters: { measure: 'dead_letters', stages: stageNames },
  steam_import_ms: { measure: 'duration_ms', stages: ['steam-import'] },
  igdb_enrichment_ms: { measure: 'duration_ms', stages: ['igdb-enrichment'] },
  database_import_ms: { measure: 'duration_ms', stages: ['database-import'] },
} as const satisfies Record<string, { measure: Measure; stages: readonly StageName[] }>;
export type MetricName = keyof typeof metricSeries;
export const metricNames = Object.keys(metricSeries) as MetricName[];

export const metricsHours = { least: 1, standard: 1, most: 24 } as const;
/** As many hours have steps as long: at most a hundred of them. */
const steps = [
  { hours: 1, seconds: 60 },
  { hours: 6, seconds: 300 },
  { hours: 24, seconds: 900 },
] as const;

/** `at` is when the step begins. Where nothing was measured, counts are 0 and of the others there is no point. */
export type Series = { name: MetricName; points: { at: string; value: number }[] };

/** @throws PipelineError METRICS_UNAVAILABLE */
export type Metrics = { series(hours: number): Promise<Series[]> };

export type MetricsWindow = { from: Date; until: Date; stepSeconds: number };

/** Whole steps; the last one is under way. @param hours 1 to 24 */
export function metricsWindow(hours: number, now: Date): MetricsWindow {
  const { seconds: stepSeconds } = steps.find((step) => step.hours >= hours) ?? steps[2];
  const stepMs = stepSeconds * 1000;
  const untilMs = (Math.floor(now.getTime() / stepMs) + 1) * stepMs;
  return { from: new Date(untilMs - hours * 3_600_000), until: new Date(untilMs), stepSeconds };
}

/** Everything that the series are made of. */
export const metricSources: readonly Source[] = metricNames.flatMap((name) => sourcesOf(name));

/** @param valueAt what a source came to in the step that begins then; undefined where nothing was measured. */
export function seriesOf(
  { from, until, stepSeconds }: MetricsWindow,
  valueAt: (source: Source, stepMs: number) => number | undefined,
): Series[] {
  const stepMs = stepSeconds * 1000;
  const count = Math.ceil((until.getTime() - from.getTime()) / stepMs);
  const times = Array.from({ length: count }, (_, index) => from.getTime() + index * stepMs);
  return metricNames.map((name) => ({
    name,
    points: times.flatMap((ms) => {
      const value = stepValue(name, (source) => valueAt(source, ms));
      return value === undefined ? [] : [{ at: new Date(ms).toISOString(), value }];
    }),
  }));
}

function stepValue(name: MetricName, read: (source: Source) => number | undefined): number | undefined {
  const values = sourcesOf(name).flatMap((source) => read(source) ?? []);
  // Who did nothing measured nothing; how many dead letters there were then, nobody knows.
  const isCount = statistics[metricSeries[name].measure] === 'sum';
  if (values.length === 0 && !isCount) return undefined;
  return Math.round(values.reduce((total, value) => total + value, 0));
}

function sourcesOf(name: MetricName): Source[] {
  const { measure, stages } = metricSeries[name];
  return stages.map((stage) => ({ stage, measure }));
}
