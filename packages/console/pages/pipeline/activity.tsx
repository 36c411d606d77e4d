import { metricsWindow, type MetricName, type Series } from '@savepoint/core/operations/metrics.ts';
import { useState } from 'preact/hooks';
import { useAnswer } from '../../api/use-answer.ts';
import { BarChart } from '../../parts/bar-chart.tsx';
import { count } from '../../parts/numbers.ts';
import { ProblemNote } from '../../parts/problem-note.tsx';

const shown = [
  { name: 'imports', title: 'Imports', tone: 'run' },
  { name: 'failures', title: 'Failures', tone: 'bad' },
] as const satisfies { name: MetricName; title: string; tone: string }[];

const pauseMs = 60_000;

/** Imports and failures of the last hour or day. */
export function Activity() {
  const [hours, setHours] = useState(1);
  const { answer, problem, refresh } = useAnswer<{ series: Series[] }>(`/metrics?hours=${hours}`, {
    everyMs: pauseMs,
  });
  return (
    <section aria-labelledby="activity">
      <div class="title">
        <h2 id="activity">Activity</h2>
        <div class="choice" role="group" aria-label="Time shown">
          {[
            { value: 1, name: 'Last hour' },
            { value: 24, name: 'Last day' },
          ].map(({ value, name }) => (
            <button key={value} type="button" aria-pressed={hours === value} onClick={() => setHours(value)}>
              {name}
            </button>
          ))}
        </div>
      </div>
      <ProblemNote problem={problem} onRetry={refresh} />
      <div class="charts">
        {shown.map(({ name, title, tone }) => {
          const points = answer
            ? everyStep(
                answer.series.find((series) => series.name === name),
                hours,
              )
            : [];
          const total = points.reduce((sum, { value }) => sum + value, 0);
          return (
            <figure key={name} class={`card chart ${tone}`}>
              <figcaption>
                {title} <strong>{answer ? count(total) : '–'}</strong>
              </figcaption>
              <BarChart points={points} name={title} />
            </figure>
          );
        })}
      </div>
    </section>
  );
}

/** What is not told of a step is 0: nothing was counted, or nobody was there to count. */
function everyStep(series: Series | undefined, hours: number): Series['points'] {
  const { from, until, stepSeconds } = metricsWindow(hours, new Date());
  const told = new Map(series?.points.map(({ at, value }) => [Date.parse(at), value]));
  const steps = Math.ceil((until.getTime() - from.getTime()) / (stepSeconds * 1000));
  return Array.from({ length: steps }, (_, index) => {
    const at = from.getTime() + index * stepSeconds * 1000;
    return { at: new Date(at).toISOString(), value: told.get(at) ?? 0 };
  });
}
