import type { StageName } from '@savepoint/core/topology.ts';
import { Action } from '../../parts/action.tsx';
import { plural } from '../../parts/numbers.ts';
import { countLetters, moveLetters, type Selection, type Verb } from './move.ts';

type Props = {
  what: Verb;
  stage: StageName;
  selection: Selection;
  /** What is meant, in the dialog's heading. */
  name: string;
  onDone(): unknown;
};

const words = {
  redrive: { label: 'Redrive', past: 'redriven' },
  discard: { label: 'Discard', past: 'discarded' },
} as const;

/** Redrives or discards a cause or a selection: says first how many that are, and then how far it is. */
export const MoveLetters = ({ what, stage, selection, name, onDone }: Props) => (
  <Action
    label={words[what].label}
    tone={what === 'discard' ? 'danger' : 'plain'}
    title={`${words[what].label} ${name}?`}
    preview={async () => {
      const { matching, isAtLeast } = await countLetters(what, stage, selection);
      const messages = `${isAtLeast ? 'At least ' : ''}${plural(matching, 'message')}`;
      return what === 'redrive' ? (
        <p>
          {messages} will go back to {stage} and be tried again, each with all its attempts. What still fails
          comes back here.
        </p>
      ) : (
        <p>
          {messages} will be deleted for good; there is no undo. What is in the database stays, and a library
          can be imported again at any time.
        </p>
      );
    }}
    run={async (onProgress) => {
      const moved = await moveLetters(what, stage, selection, (done) =>
        onProgress(`${plural(done, 'message')} ${words[what].past}…`),
      );
      return { text: `${plural(moved, 'message')} ${words[what].past}.` };
    }}
    onDone={onDone}
  />
);
