import type { Cause } from '@savepoint/core/operations/dead-letter-causes.ts';
import { useState } from 'preact/hooks';
import { useQueues } from '../../api/queues.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Page } from '../../parts/page.tsx';
import { ProblemNote } from '../../parts/problem-note.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { CauseCard } from './cause-card.tsx';

type Causes = { causes: Cause[]; truncated: boolean };

/** `/console/dead-letters`: what was given up, by cause. Looking hides messages for a moment, so it is done when asked for. */
export function DeadLettersPage() {
  const { answer, problem, refresh } = useAnswer<Causes>('/dead-letters/causes');
  const queues = useQueues();
  const [isLooking, setLooking] = useState(false);
  const look = async () => {
    setLooking(true);
    await Promise.all([refresh(), queues.refresh()]);
    setLooking(false);
  };
  return (
    <Page
      title="Dead letters"
      aside={
        <button type="button" class="small" disabled={isLooking} onClick={() => void look()}>
          {isLooking ? 'Looking…' : 'Look again'}
        </button>
      }
    >
      <p class="subtitle">
        What kept failing waits here, and nothing is lost: redrive it once its cause is gone, or discard what
        nobody needs.
      </p>
      <ProblemNote problem={problem} onRetry={look} />
      {answer === null && problem === null && <Skeleton rows={4} />}
      {answer?.causes.length === 0 && !answer.truncated && <p class="empty">Nothing was given up.</p>}
      {answer?.truncated && (
        <p class="hint">
          Not all could be looked at: a stage has more than a thousand, or somebody else is looking at them.
          The counts are of those that were.
        </p>
      )}
      {answer?.causes.map((cause) => (
        <CauseCard
          key={`${cause.stage} ${cause.code}`}
          cause={cause}
          isAtLeast={answer.truncated}
          onDone={look}
        />
      ))}
    </Page>
  );
}
