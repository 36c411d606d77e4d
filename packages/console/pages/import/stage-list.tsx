import type { StageView } from '@savepoint/core/contracts/import-view.ts';
import { count } from '../../parts/numbers.ts';
import { Progress } from '../../parts/progress.tsx';
import { Status } from '../../parts/status.tsx';

/** What each stage counted, and what it understood of a dropped file. */
export const StageList = ({ stages }: { stages: readonly StageView[] }) => (
  <ol class="stages">
    {stages.map((stage) => (
      <li key={stage.name} class="card">
        <h2>{stage.name}</h2>
        <p>
          <Status value={stage.status} />
        </p>
        {stage.status === 'running' && <Progress stage={stage} />}
        {stage.counts && (
          <dl class="pairs">
            {toldCounts(stage.counts).map(([name, value]) => (
              <div key={name}>
                <dt>{name.replaceAll('_', ' ')}</dt>
                <dd>{count(value)}</dd>
              </div>
            ))}
          </dl>
        )}
        {stage.columns && <Columns columns={stage.columns} />}
      </li>
    ))}
  </ol>
);

/** Those that say something: of many a stage counts, most are mostly 0. */
function toldCounts(counts: Readonly<Record<string, number>>): [string, number][] {
  const all = Object.entries(counts);
  const some = all.filter(([, value]) => value > 0);
  return some.length > 0 ? some : all.slice(0, 1);
}

const Columns = ({
  columns: { understood, left_aside, unread },
}: {
  columns: NonNullable<StageView['columns']>;
}) => (
  <details>
    <summary>Columns of the file</summary>
    <ul>
      {Object.entries(understood).map(([column, heading]) => (
        <li key={column}>
          “{heading}” is <code>{column}</code>
          {unread[column] !== undefined && `; ${count(unread[column])} cells could not be read`}
        </li>
      ))}
      {left_aside.length > 0 && <li>left aside: {left_aside.join(', ')}</li>}
    </ul>
  </details>
);
