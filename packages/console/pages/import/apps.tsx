import type { MatchedApp } from '@savepoint/core/operations/list-apps.ts';
import type { ImportView } from '@savepoint/core/contracts/import-view.ts';
import { useEffect, useState } from 'preact/hooks';
import { useAnswer } from '../../api/use-answer.ts';
import { Match } from '../../parts/match.tsx';
import { ProblemNote } from '../../parts/problem-note.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { WrongGame } from '../../parts/wrong-game/wrong-game.tsx';

const filters = [
  { name: 'Unmatched', query: 'match_status=UNMATCHED' },
  { name: 'Doubtful', query: 'doubtful=true' },
  { name: 'Matched', query: 'match_status=MATCHED' },
  { name: 'Not games', query: 'match_status=IGNORED' },
  { name: 'Not looked up', query: 'match_status=PENDING' },
  { name: 'All', query: '' },
] as const;

const pageSize = 50;

/** What each app was taken for, and why. Those that a person should look at come first. */
export function Apps({ view: { import_id } }: { view: ImportView }) {
  const [query, setQuery] = useState<string>(filters[0].query);
  return (
    <section aria-labelledby="apps">
      <div class="title">
        <h2 id="apps">Apps</h2>
        <div class="choice" role="group" aria-label="Apps shown">
          {filters.map((filter) => (
            <button
              key={filter.name}
              type="button"
              aria-pressed={query === filter.query}
              onClick={() => setQuery(filter.query)}
            >
              {filter.name}
            </button>
          ))}
        </div>
      </div>
      <AppList key={query} importId={import_id} query={query} />
    </section>
  );
}

function AppList({ importId, query }: { importId: string; query: string }) {
  const [before, setBefore] = useState<MatchedApp[]>([]);
  const [cursor, setCursor] = useState<string | null>(null);
  const page = [`max=${pageSize}`, query, cursor && `cursor=${cursor}`].filter(Boolean).join('&');
  const { answer, problem, refresh } = useAnswer<{ apps: MatchedApp[]; next_cursor?: string }>(
    `/imports/${importId}/apps?${page}`,
  );
  const [shown, setShown] = useState<MatchedApp[]>([]);
  useEffect(() => {
    if (answer) setShown([...before, ...answer.apps]);
  }, [answer]);
  return (
    <>
      <ProblemNote problem={problem} onRetry={refresh} />
      {answer === null && problem === null && shown.length === 0 && <Skeleton rows={4} />}
      {answer && answer.apps.length === 0 && before.length === 0 && <p class="empty">None.</p>}
      <ul class="apps">
        {shown.map((app) => (
          <li key={app.appid}>
            <span class="app-name">
              {app.name ?? `App ${app.appid}`} <small>{app.appid}</small>
            </span>
            <Match app={app} />
            <WrongGame
              app={{ appid: app.appid, title: app.name ?? '', igdbId: app.igdb_id }}
              importId={importId}
            />
          </li>
        ))}
      </ul>
      {answer?.next_cursor && (
        <div class="buttons">
          <button
            type="button"
            onClick={() => {
              setBefore(shown);
              setCursor(answer.next_cursor!);
            }}
          >
            Show more
          </button>
        </div>
      )}
    </>
  );
}
