import type { ImportView } from '@savepoint/core/contracts/import-view.ts';
import { duration, moment } from '../../parts/numbers.ts';
import { useNow } from '../../parts/time.tsx';
import { type Lane, lanesOf, type Scale, scaleOf, type Span } from './spans.ts';

const words: Record<Span['kind'], string> = {
  waiting: 'waiting',
  running: 'running',
  'backing-off': 'backing off',
  completed: 'completed',
  failed: 'failed',
  retried: 'failed, tried again',
};

/** Every stage and attempt over time. */
export function Timeline({ view }: { view: ImportView }) {
  const isOver = view.status === 'completed' || view.status === 'failed';
  const now = useNow(isOver ? 3_600_000 : 1000);
  const lanes = lanesOf(view, now);
  const scale = scaleOf(lanes);
  const shown = new Set(lanes.flatMap(({ spans }) => spans.map(({ kind }) => kind)));
  return (
    <section class="card timeline" aria-labelledby="timeline">
      <div class="title">
        <h2 id="timeline">Timeline</h2>
        <ul class="legend" aria-hidden="true">
          {[...shown].map((kind) => (
            <li key={kind}>
              <span class={`span ${kind}`} /> {words[kind]}
            </li>
          ))}
        </ul>
      </div>
      <ol>
        {lanes.map((lane) => (
          <LaneRow key={lane.stage.name} lane={lane} scale={scale} />
        ))}
      </ol>
      <p class="hint">Long waits are drawn shorter than they were.</p>
      <details>
        <summary>Attempts, one by one</summary>
        <AttemptTable lanes={lanes} />
      </details>
    </section>
  );
}

function LaneRow({ lane: { stage, spans }, scale }: { lane: Lane; scale: Scale }) {
  const busyMs = spans
    .filter(({ kind }) => kind !== 'waiting' && kind !== 'backing-off')
    .reduce((sum, { from, to }) => sum + to - from, 0);
  return (
    <li class="lane">
      <span class="lane-name">{stage.name}</span>
      <span class="lane-track">
        {spans.map((span) => (
          <span
            key={`${span.kind}-${span.from}`}
            class={`span ${span.kind}`}
            style={{
              left: `${scale(span.from) * 100}%`,
              width: `${(scale(span.to) - scale(span.from)) * 100}%`,
            }}
            title={describe(span)}
          />
        ))}
      </span>
      <span class="lane-time">
        {stage.status === 'skipped' ? 'skipped' : busyMs > 0 ? duration(busyMs) : ''}
      </span>
    </li>
  );
}

const describe = ({ kind, from, to, attempt, code }: Span): string =>
  [attempt === undefined ? words[kind] : `attempt ${attempt}: ${words[kind]}`, duration(to - from), code]
    .filter(Boolean)
    .join(', ');

const AttemptTable = ({ lanes }: { lanes: readonly Lane[] }) => (
  <div class="scroll" tabIndex={0} role="group" aria-label="Attempts">
    <table>
      <thead>
        <tr>
          <th>Stage</th>
          <th>What</th>
          <th>From</th>
          <th>For</th>
          <th>Error</th>
        </tr>
      </thead>
      <tbody>
        {lanes.flatMap(({ stage, spans }) =>
          spans.map((span) => (
            <tr key={`${stage.name}-${span.from}-${span.kind}`}>
              <td>{stage.name}</td>
              <td>
                {span.attempt !== undefined && `attempt ${span.attempt}: `}
                {words[span.kind]}
              </td>
              <td>{moment(new Date(span.from).toISOString())}</td>
              <td>{duration(span.to - span.from)}</td>
              <td>{span.code && <code>{span.code}</code>}</td>
            </tr>
          )),
        )}
      </tbody>
    </table>
  </div>
);
