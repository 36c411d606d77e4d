import {
  type Measure,
  type Metrics,
  metricSources,
  metricsHours,
  metricsWindow,
  seriesOf,
  type Source,
  statistics,
} from '@savepoint/core/operations/metrics.ts';
import type { StageQueues } from '@savepoint/core/operations/stage-queues.ts';
import type { Metrics as WrittenMetrics } from '@savepoint/functions/runtime/metrics.ts';

const minuteMs = 60_000;
const mostMinutes = metricsHours.most * 60 + 15;
/** Between two looks at the dead letters. */
const lookMs = 20_000;

type Tally = { count: number; sum: number; most: number };
type Minute = Map<string, Tally>;

/** What CloudWatch is to a deployment: takes what the stages measure, and tells it. */
export type RecentMetrics = Metrics & WrittenMetrics & { close(): Promise<void> };

/**
 * Keeps the metrics of this process in memory, by the minute, for as long as they can be asked for. What was before its
 * start it does not tell.
 */
export function createRecentMetrics(
  queues: Pick<StageQueues, 'depths'>,
  now: () => Date = () => new Date(),
): RecentMetrics {
  /** The oldest first. */
  const minutes = new Map<number, Minute>();
  const startedAt = now();
  const add = (source: Source, value: number) => {
    const ms = Math.floor(now().getTime() / minuteMs) * minuteMs;
    const minute: Minute = minutes.get(ms) ?? new Map();
    minutes.set(ms, minute);
    for (const old of minutes.keys()) if (old <= ms - mostMinutes * minuteMs) minutes.delete(old);
    const { count, sum, most } = minute.get(keyOf(source)) ?? { count: 0, sum: 0, most: 0 };
    minute.set(keyOf(source), { count: count + 1, sum: sum + value, most: Math.max(most, value) });
  };
  const countDeadLetters = async () => {
    // What cannot be counted has no point; `GET /health/deep` says that SQS is away.
    for (const { stage, dead_letters } of await queues.depths().catch(() => []))
      add({ stage, measure: 'dead_letters' }, dead_letters);
  };
  let counting = countDeadLetters();
  const timer = setInterval(() => {
    counting = counting.then(countDeadLetters);
  }, lookMs);
  return {
    put(service, values) {
      for (const source of metricSources) {
        const value = values[source.measure];
        if (source.stage === service && value !== undefined) add(source, value);
      }
    },
    async series(hours) {
      await countDeadLetters();
      const window = metricsWindow(hours, now());
      const stepMs = window.stepSeconds * 1000;
      const firstMs = Math.floor(startedAt.getTime() / stepMs) * stepMs;
      const from = new Date(Math.max(window.from.getTime(), firstMs));
      return seriesOf({ ...window, from }, (source, ms) =>
        resultOf(talliesIn(minutes, source, ms, ms + stepMs), source.measure),
      );
    },
    close: async () => {
      clearInterval(timer);
      await counting;
    },
  };
}

const keyOf = ({ stage, measure }: Source): string => `${stage} ${measure}`;

const talliesIn = (minutes: Map<number, Minute>, source: Source, fromMs: number, untilMs: number): Tally[] =>
  Array.from({ length: (untilMs - fromMs) / minuteMs }, (_, index) => fromMs + index * minuteMs).flatMap(
    (ms) => minutes.get(ms)?.get(keyOf(source)) ?? [],
  );

function resultOf(tallies: readonly Tally[], measure: Measure): number | undefined {
  if (tallies.length === 0) return undefined;
  const sum = tallies.reduce((total, each) => total + each.sum, 0);
  const count = tallies.reduce((total, each) => total + each.count, 0);
  const values = { sum, average: sum / count, most: Math.max(...tallies.map(({ most }) => most)) };
  return values[statistics[measure]];
}
