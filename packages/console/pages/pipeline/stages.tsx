import type { StageName } from '@savepoint/core/topology.ts';
import { stageNames, stages } from '@savepoint/core/topology.ts';
import { type QueueCounts, useQueues } from '../../api/queues.ts';
import { count, duration, plural } from '../../parts/numbers.ts';
import { ProblemNote } from '../../parts/problem-note.tsx';

type Counts = QueueCounts['queues'][number];

const purposes: Record<StageName, string> = {
  'steam-import': 'Fetches the library from Steam',
  'igdb-enrichment': 'Matches each game with IGDB',
  'database-import': 'Writes the rows to PostgreSQL',
};

/** The three stages, each with its queue, live. */
export function Stages() {
  const { answer, problem, refresh } = useQueues();
  return (
    <section aria-label="Stages">
      <ProblemNote problem={problem} onRetry={refresh} />
      <ol class="stages">
        {stageNames.map((name) => (
          <StageCard key={name} name={name} counts={answer?.queues.find(({ stage }) => stage === name)} />
        ))}
      </ol>
    </section>
  );
}

function StageCard({ name, counts }: { name: StageName; counts: Counts | undefined }) {
  const dead = counts?.dead_letters ?? 0;
  const isBusy = (counts?.in_flight ?? 0) > 0;
  return (
    <li class={`card stage ${dead > 0 ? 'bad' : isBusy ? 'run' : ''}`}>
      <h2>
        <span class="dot" />
        {name}
      </h2>
      <p class="hint">{purposes[name]}</p>
      <dl class="figures">
        <Figure name="waiting" value={counts?.waiting} />
        <Figure name="in flight" value={counts?.in_flight} />
        <Figure name="delayed" value={counts?.delayed} />
        <Figure name="dead" value={counts?.dead_letters} tone={dead > 0 ? 'bad' : ''} />
      </dl>
      <p class="state">{counts ? <StateOf name={name} counts={counts} /> : '\u00a0'}</p>
    </li>
  );
}

const Figure = ({ name, value, tone = '' }: { name: string; value: number | undefined; tone?: string }) => (
  <div class={tone}>
    <dt>{name}</dt>
    <dd>{value === undefined ? '–' : count(value)}</dd>
  </div>
);

/** What the numbers mean for people. */
function StateOf({ name, counts }: { name: StageName; counts: Counts }) {
  const { waiting, in_flight, delayed, dead_letters, oldest_seconds = null } = counts;
  if (dead_letters > 0)
    return (
      <>
        <strong>{plural(dead_letters, 'message')} gave up.</strong> {stages[name].impact}{' '}
        <a href="/console/dead-letters">See why</a>
      </>
    );
  const oldest =
    oldest_seconds === null ? '' : ` The oldest has been here for ${duration(oldest_seconds * 1000)}.`;
  if (in_flight > 0)
    return (
      <>
        Working on {plural(in_flight, 'message')}.{oldest}
      </>
    );
  if (waiting > 0)
    return (
      <>
        {plural(waiting, 'message')} about to begin.{oldest}
      </>
    );
  if (delayed > 0)
    return (
      <>
        {plural(delayed, 'message')} will be tried again.{oldest}
      </>
    );
  return <>Nobody waits.</>;
}
