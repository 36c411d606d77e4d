import type { Cause } from '@savepoint/core/operations/dead-letter-causes.ts';
import { useState } from 'preact/hooks';
import { count, plural } from '../../parts/numbers.ts';
import { Ago } from '../../parts/time.tsx';
import { LetterList } from './letter-list.tsx';
import { MoveLetters } from './move-letters.tsx';

type Props = {
  cause: Cause /** Whether there may be more of them. */;
  isAtLeast: boolean;
  onDone(): unknown;
};

/** Dead letters of one stage that have an error in common. */
export function CauseCard({ cause, isAtLeast, onDone }: Props) {
  const { stage, code, message, retryable, oldest, newest, example_import_id: example } = cause;
  const [isOpen, setOpen] = useState(false);
  return (
    <section class="card cause" aria-label={`${stage} ${code}`}>
      <div class="title">
        <h2>
          <span class="number">{count(cause.count)}</span>
          {isAtLeast && '+'} <code>{code}</code>
        </h2>
        <span class={retryable ? 'status slow' : 'status bad'}>
          {retryable ? 'may pass by itself' : 'needs a change first'}
        </span>
      </div>
      <p>{message}</p>
      <p class="hint">
        {stage},{' '}
        {oldest === newest ? (
          <Ago at={newest} />
        ) : (
          <>
            from <Ago at={oldest} /> to <Ago at={newest} />
          </>
        )}
        {example && (
          <>
            {' · '}
            <a href={`/console/imports/${example}`}>an example</a>
          </>
        )}
      </p>
      <div class="buttons left">
        <MoveLetters
          what="redrive"
          stage={stage}
          selection={{ code }}
          name={`all with ${code}`}
          onDone={onDone}
        />
        <MoveLetters
          what="discard"
          stage={stage}
          selection={{ code }}
          name={`all with ${code}`}
          onDone={onDone}
        />
        <button type="button" class="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Hide' : `Show ${plural(cause.count, 'message')}`}
        </button>
      </div>
      {isOpen && <LetterList stage={stage} code={code} onDone={onDone} />}
    </section>
  );
}
