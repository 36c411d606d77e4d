import type { ImportView } from '@savepoint/core/contracts/import-view.ts';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useAnswer } from '../../api/use-answer.ts';
import { duration } from '../../parts/numbers.ts';
import { Page } from '../../parts/page.tsx';
import { ProblemNote } from '../../parts/problem-note.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { Status } from '../../parts/status.tsx';
import { isUnderWay } from '../../parts/under-way.ts';
import { Ago, useNow } from '../../parts/time.tsx';
import { Apps } from './apps.tsx';
import { Files } from './files.tsx';
import { ImportActions } from './import-actions.tsx';
import { Outcome } from './outcome.tsx';
import { Rejects } from './rejects.tsx';
import { StageList } from './stage-list.tsx';
import { Timeline } from './timeline.tsx';
import { WallAtLast } from './wall-at-last.tsx';

const pauseMs = { running: 1000, setOff: 5000, ended: null };
/** So long what was set off mostly begins within. */
const soonMs = 30_000;

/** `/console/imports/{import_id}`: one import from the request to the rows, live. */
export function ImportPage({ importId }: { importId: string }) {
  // When somebody set it off again. Its message waits its turn, and until then the import looks as it ended.
  const setOffAt = useRef<number | null>(null);
  const { answer, problem, refresh } = useAnswer<ImportView>(`/imports/${encodeURIComponent(importId)}`, {
    everyMs(view) {
      if (view === null) return pauseMs.running;
      if (isUnderWay(view)) setOffAt.current = null;
      else if (setOffAt.current === null) return pauseMs.ended;
      else if (Date.now() - setOffAt.current > soonMs) return pauseMs.setOff;
      return pauseMs.running;
    },
  });
  const watchAgain = () => {
    setOffAt.current = Date.now();
    return refresh();
  };
  const wasSeenRunning = useOnce(answer !== null && isUnderWay(answer));
  return (
    <Page
      title={answer ? `Import of ${answer.steam_id}` : 'Import'}
      aside={answer && <Status value={answer.status} />}
    >
      <ProblemNote problem={problem} onRetry={problem?.status === 404 ? undefined : refresh} />
      {answer === null && problem === null && <Skeleton rows={6} />}
      {answer && (
        <>
          <p class="subtitle">
            <Times view={answer} />
          </p>
          <Outcome view={answer} />
          <Timeline view={answer} />
          <ImportActions view={answer} onDone={watchAgain} />
          {answer.status === 'completed' && <WallAtLast view={answer} isNew={wasSeenRunning} />}
          <StageList stages={answer.stages} />
          {answer.files.enriched && <Apps key={finishedAt(answer)} view={answer} />}
          {answer.files.rejects && <Rejects importId={answer.import_id} />}
          <Files view={answer} />
        </>
      )}
    </Page>
  );
}

/** Changes when the apps may have. */
const finishedAt = ({ stages }: ImportView): string =>
  stages.find(({ name }) => name === 'igdb-enrichment')?.finished_at ?? '';

function Times({ view }: { view: ImportView }) {
  const now = useNow(1000);
  const begin = view.requested_at ?? view.stages.find(({ started_at }) => started_at)?.started_at;
  if (!begin) return null;
  const end = isUnderWay(view)
    ? now
    : Math.max(...view.stages.map(({ finished_at }) => Date.parse(finished_at ?? '') || 0));
  const last = Math.max(...view.stages.map(({ started_at }) => Date.parse(started_at ?? '') || 0));
  return (
    <>
      asked for <Ago at={begin} />
      {end >= last && end > 0 && <> · {duration(end - Date.parse(begin))}</>} · <code>{view.import_id}</code>
    </>
  );
}

/** Whether something was ever true since the page opened. */
function useOnce(isTrue: boolean): boolean {
  const [was, setWas] = useState(isTrue);
  useEffect(() => {
    if (isTrue) setWas(true);
  }, [isTrue]);
  return was;
}
