import { classifications } from '@savepoint/core/contracts/classification.ts';
import { useEffect, useState } from 'preact/hooks';
import { type ApiProblem, call } from '../../api/call.ts';
import { asProblem } from '../action.tsx';
import { Cover } from '../cover.tsx';
import { ProblemNote } from '../problem-note.tsx';
import { Skeleton } from '../skeleton.tsx';
import type { App, Decision } from './decide.ts';

type Found = {
  igdb_id: number;
  name: string;
  year: number | null;
  platforms: string[];
  cover_url: string | null;
};
type Props = { app: App; onChosen(decision: Decision): void };

/** Finds the right game in IGDB, or says that there is none. */
export function ChooseGame({ app, onChosen }: Props) {
  const [words, setWords] = useState(app.title);
  const [found, setFound] = useState<Found[] | null>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [isAsking, setAsking] = useState(false);
  const search = async () => {
    setProblem(null);
    setAsking(true);
    try {
      const { games } = await call<{ games: Found[] }>(`/igdb/search?q=${encodeURIComponent(words.trim())}`);
      setFound(games);
    } catch (error) {
      setProblem(asProblem(error));
    }
    setAsking(false);
  };
  useEffect(() => {
    if (app.title) void search();
  }, []);
  return (
    <>
      <form
        class="field"
        onSubmit={(event) => {
          event.preventDefault();
          void search();
        }}
      >
        <input
          type="search"
          aria-label="Search IGDB"
          required
          maxLength={100}
          value={words}
          onInput={({ currentTarget }) => setWords(currentTarget.value)}
        />
        <button type="submit" disabled={isAsking}>
          Search
        </button>
      </form>
      <ProblemNote problem={problem} onRetry={search} />
      {isAsking && <Skeleton rows={3} />}
      {found && !isAsking && <FoundGames found={found} app={app} onChosen={onChosen} />}
      <OtherDecisions onChosen={onChosen} />
      <p class="hint">Games are from IGDB.com.</p>
    </>
  );
}

function FoundGames({ found, app, onChosen }: Props & { found: readonly Found[] }) {
  if (found.length === 0) return <p class="empty">IGDB has no game that matches these words.</p>;
  return (
    <ul class="found">
      {found.map((game) => (
        <li key={game.igdb_id}>
          <button
            type="button"
            disabled={game.igdb_id === app.igdbId}
            onClick={() => onChosen({ kind: 'game', igdbId: game.igdb_id, name: game.name, year: game.year })}
          >
            <Cover game={{ title: '', cover_url: game.cover_url, appid: game.igdb_id }} isDecoration />
            <span>
              <strong>{game.name}</strong> {game.year}
              <small>{game.platforms.slice(0, 4).join(', ')}</small>
              {game.igdb_id === app.igdbId && <small>matched now</small>}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

const OtherDecisions = ({ onChosen }: Pick<Props, 'onChosen'>) => (
  <div class="buttons left">
    <button type="button" onClick={() => onChosen({ kind: 'no-match' })}>
      IGDB does not have it
    </button>
    <select
      aria-label="It is no game"
      value=""
      onChange={({ currentTarget: { value } }) =>
        onChosen({ kind: 'no-game', classification: value as (typeof classifications)[number] })
      }
    >
      <option value="" disabled>
        It is no game, but…
      </option>
      {classifications
        .filter((each) => each !== 'game')
        .map((each) => (
          <option key={each} value={each}>
            {each.replaceAll('_', ' ')}
          </option>
        ))}
    </select>
  </div>
);
