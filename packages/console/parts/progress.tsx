import type { StageView } from '@savepoint/core/contracts/import-view.ts';
import { count } from './numbers.ts';

/** How far a stage is, as it says itself: a bar where it counts, else only that it works. */
export function Progress({ stage: { name, progress } }: { stage: Pick<StageView, 'name' | 'progress'> }) {
  const share = progress && progress.total > 0 ? progress.done / progress.total : null;
  return (
    <span class="progress">
      <span
        class={share === null ? 'track unknown' : 'track'}
        role="progressbar"
        aria-label={name}
        aria-valuemin={0}
        aria-valuemax={progress?.total}
        aria-valuenow={progress?.done}
      >
        <span style={{ width: share === null ? '40%' : `${share * 100}%` }} />
      </span>
      <span>
        {name}
        {progress && ` ${count(progress.done)} / ${count(progress.total)}`}
      </span>
    </span>
  );
}
