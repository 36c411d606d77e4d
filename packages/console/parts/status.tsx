import type { ImportView, StageView } from '@savepoint/core/contracts/import-view.ts';

type Word = ImportView['status'] | StageView['status'];

const tones: Record<Word, string> = {
  queued: 'wait',
  skipped: 'wait',
  running: 'run',
  retrying: 'slow',
  completed: 'good',
  failed: 'bad',
};

/** The API's own word for how something stands; `retrying` is said as what it means for whoever waits. */
export const Status = ({ value }: { value: Word }) => (
  <span class={`status ${tones[value]}`}>{value === 'retrying' ? 'backing off' : value}</span>
);
