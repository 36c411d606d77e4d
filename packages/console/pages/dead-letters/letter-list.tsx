import type { DeadLetter } from '@savepoint/core/contracts/dead-letter.ts';
import type { StageName } from '@savepoint/core/topology.ts';
import { useState } from 'preact/hooks';
import { useAnswer } from '../../api/use-answer.ts';
import { plural } from '../../parts/numbers.ts';
import { ProblemNote } from '../../parts/problem-note.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { Ago } from '../../parts/time.tsx';
import { MoveLetters } from './move-letters.tsx';

type Page = { messages: DeadLetter[]; truncated: boolean };
type Props = { stage: StageName; code: string; onDone(): unknown };

const shown = 100;

/** The first messages of a cause, to be opened, and moved by choice. */
export function LetterList({ stage, code, onDone }: Props) {
  const { answer, problem, refresh } = useAnswer<Page>(
    `/queues/${stage}/dead-letters?max=${shown}&code=${encodeURIComponent(code)}`,
  );
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const choose = (messageId: string, isChosen: boolean) => {
    const next = new Set(chosen);
    if (isChosen) next.add(messageId);
    else next.delete(messageId);
    setChosen(next);
  };
  const messages = answer?.messages ?? [];
  const moved = async () => {
    setChosen(new Set());
    await Promise.all([refresh(), onDone()]);
  };
  return (
    <div class="letters">
      <ProblemNote problem={problem} onRetry={refresh} />
      {answer === null && problem === null && <Skeleton rows={3} />}
      {messages.length > 0 && (
        <div class="buttons left">
          <label class="check">
            <input
              type="checkbox"
              checked={chosen.size === messages.length}
              onChange={({ currentTarget: { checked } }) =>
                setChosen(new Set(checked ? messages.map(({ message_id }) => message_id) : []))
              }
            />
            {chosen.size === 0 ? 'Choose all shown' : `${plural(chosen.size, 'message')} chosen`}
          </label>
          {chosen.size > 0 && (
            <span class="buttons left" role="group" aria-label="What is chosen">
              {(['redrive', 'discard'] as const).map((what) => (
                <MoveLetters
                  key={what}
                  what={what}
                  stage={stage}
                  selection={{ messageIds: [...chosen] }}
                  name="those chosen"
                  onDone={moved}
                />
              ))}
            </span>
          )}
        </div>
      )}
      <ul class="rows">
        {messages.map((letter) => (
          <Letter
            key={letter.message_id}
            letter={letter}
            isChosen={chosen.has(letter.message_id)}
            onChoose={(isChosen) => choose(letter.message_id, isChosen)}
          />
        ))}
      </ul>
      {answer?.truncated && <p class="hint">There are more; the first {shown} are shown.</p>}
    </div>
  );
}

type LetterProps = { letter: DeadLetter; isChosen: boolean; onChoose(isChosen: boolean): void };

const Letter = ({ letter, isChosen, onChoose }: LetterProps) => (
  <li class="letter">
    <input
      type="checkbox"
      aria-label={`Choose ${letter.import_id ?? letter.message_id}`}
      checked={isChosen}
      onChange={({ currentTarget }) => onChoose(currentTarget.checked)}
    />
    <details>
      <summary>
        <span class="who">{letter.import_id ?? 'of no import'}</span>{' '}
        <span class="hint">
          {plural(letter.attempts, 'attempt')}, given up <Ago at={letter.last_failed_at} />
        </span>
      </summary>
      <p>{letter.error.message}</p>
      {letter.import_id && <a href={`/console/imports/${letter.import_id}`}>Open the import</a>}
      <pre class="command">{letter.body}</pre>
    </details>
  </li>
);
