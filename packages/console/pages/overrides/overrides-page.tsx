import type { Classification } from '@savepoint/core/contracts/classification.ts';
import { useState } from 'preact/hooks';
import { call } from '../../api/call.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { asProblem } from '../../parts/action.tsx';
import { count } from '../../parts/numbers.ts';
import { Page } from '../../parts/page.tsx';
import { Pager } from '../../parts/pager.tsx';
import { ProblemNote } from '../../parts/problem-note.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { tell } from '../../parts/toasts.tsx';

type Line = {
  appid: number;
  igdb_id: number | 'none' | null;
  classification: Classification | null;
  note: string | null;
};
type Answer = { overrides: Line[]; next_cursor?: string; rejects?: { line: number; reason: string }[] };

/** `/console/overrides`: what people decided about apps, whatever enrichment would find. */
export function OverridesPage() {
  const [cursors, setCursors] = useState<string[]>([]);
  const cursor = cursors.at(-1);
  const { answer, problem, refresh } = useAnswer<Answer>(
    `/overrides?max=100${cursor === undefined ? '' : `&cursor=${cursor}`}`,
  );
  return (
    <Page title="Overrides">
      <p class="subtitle">
        What people decided about apps: it holds from each library’s next enrichment on. Decide with{' '}
        <em>Wrong game?</em> on an import or in a library.
      </p>
      <ProblemNote problem={problem} onRetry={refresh} />
      {answer === null && problem === null && <Skeleton rows={4} />}
      {(answer?.rejects?.length ?? 0) > 0 && (
        <div class="note bad" role="alert">
          <p>
            {count(answer!.rejects!.length)} lines of the file cannot be used. Line{' '}
            {answer!.rejects![0]!.line}: {answer!.rejects![0]!.reason}
          </p>
        </div>
      )}
      {answer?.overrides.length === 0 && <p class="empty">Nobody has decided anything yet.</p>}
      <ul class="rows">
        {answer?.overrides.map((line) => (
          <OverrideRow key={line.appid} line={line} onDone={refresh} />
        ))}
      </ul>
      <Pager cursors={cursors} next={answer?.next_cursor} onChange={setCursors} />
    </Page>
  );
}

function OverrideRow({ line, onDone }: { line: Line; onDone(): unknown }) {
  const { appid, igdb_id, classification, note } = line;
  const path = `/overrides/${appid}`;
  const remove = async () => {
    try {
      await call(path, { method: 'DELETE' });
      tell(`The override of app ${appid} is removed.`, { undo: putBack });
    } catch (error) {
      tell(asProblem(error).message, { tone: 'bad' });
    }
    onDone();
  };
  const putBack = async () => {
    const told = Object.fromEntries(
      Object.entries({ igdb_id, classification, note }).filter(([, value]) => value !== null),
    );
    try {
      await call(path, { method: 'PUT', json: told });
      tell('Put back.');
    } catch (error) {
      tell(asProblem(error).message, { tone: 'bad' });
    }
    onDone();
  };
  return (
    <li class="row">
      <a
        class="who"
        href={`https://store.steampowered.com/app/${appid}`}
        target="_blank"
        rel="noopener noreferrer"
      >
        app {appid}
      </a>
      <span>{classification?.replaceAll('_', ' ') ?? (igdb_id === 'none' ? 'no match' : 'game')}</span>
      <span class="what">
        {typeof igdb_id === 'number' && <>IGDB {igdb_id} </>}
        {note && <span class="hint">{note}</span>}
      </span>
      <span class="when">
        <button type="button" class="small" onClick={() => void remove()}>
          Remove
        </button>
      </span>
    </li>
  );
}
