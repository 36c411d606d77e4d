import type { ImportView, StageView } from '@savepoint/core/contracts/import-view.ts';
import { count, plural } from '../../parts/numbers.ts';
import { Progress } from '../../parts/progress.tsx';
import { Status } from '../../parts/status.tsx';
import { Ago } from '../../parts/time.tsx';

/** An import on one line: whose, since when, how far, what came of it. */
export function ImportRow({ view }: { view: ImportView }) {
  const { import_id, steam_id, status, stages } = view;
  const at = view.requested_at ?? stages.find(({ started_at }) => started_at)?.started_at ?? null;
  const stage = currentStage(stages);
  return (
    <li>
      <a class="row" href={`/console/imports/${import_id}`}>
        <span class="who">{steam_id}</span>
        <Status value={stage?.status === 'retrying' ? 'retrying' : status} />
        <span class="what">
          {status === 'running' && stage ? <Progress stage={stage} /> : <Outcome view={view} />}
        </span>
        <span class="when">{at && <Ago at={at} />}</span>
      </a>
    </li>
  );
}

/** The stage where an import is, or where it ended. */
export const currentStage = (stages: readonly StageView[]): StageView | undefined =>
  stages.findLast(({ status }) => status !== 'queued' && status !== 'skipped') ?? stages[0];

function Outcome({ view: { status, stages, result } }: { view: ImportView }) {
  const failed = stages.find((stage) => stage.status === 'failed');
  if (failed) return <>{failed.error?.message ?? `${failed.name} failed`}</>;
  if (status === 'queued') return <>waits for its turn</>;
  const games = result?.imported_count;
  const matched = stages.find(({ name }) => name === 'igdb-enrichment')?.counts?.matched;
  if (games === undefined) return null;
  return (
    <>
      {plural(games, 'game')}
      {matched !== undefined && `, ${count(matched)} matched`}
    </>
  );
}
