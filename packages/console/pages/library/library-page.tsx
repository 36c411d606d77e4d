import type { PublishedLibrary } from '@savepoint/core/contracts/published-library.ts';
import { useLocation } from 'preact-iso';
import { useMemo } from 'preact/hooks';
import { useAnswer } from '../../api/use-answer.ts';
import { count, playtime, plural } from '../../parts/numbers.ts';
import { Page } from '../../parts/page.tsx';
import { ProblemNote } from '../../parts/problem-note.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { Ago } from '../../parts/time.tsx';
import { GameDialog } from './game-dialog.tsx';
import { LibraryActions } from './library-actions.tsx';
import { LibraryFilters } from './library-filters.tsx';
import { Insights } from './insights.tsx';
import { chooseGames, readChoice, writeChoice, type Choice } from './choose-games.ts';
import { Wall } from './wall.tsx';

/** A library grows by imports alone; somebody may look at it while one runs. */
const pauseMs = 15_000;

/** `/console/libraries/{steam_id}`: a wall of covers, and what they say of their owner. */
export function LibraryPage({ steamId }: { steamId: string }) {
  const { answer, problem, refresh } = useAnswer<PublishedLibrary>(
    `/libraries/${encodeURIComponent(steamId)}`,
    {
      everyMs: pauseMs,
    },
  );
  return (
    <Page title={`Library of ${steamId}`}>
      <ProblemNote problem={problem} onRetry={problem?.status === 404 ? undefined : refresh} />
      {answer === null && problem === null && <Skeleton rows={8} />}
      {answer && <Library library={answer} onChange={refresh} />}
    </Page>
  );
}

function Library({ library, onChange }: { library: PublishedLibrary; onChange(): unknown }) {
  const { query, route, path } = useLocation();
  const choice = readChoice(query);
  const games = useMemo(() => chooseGames(library.games, choice), [library, JSON.stringify(choice)]);
  const opened = library.games.find(({ appid }) => String(appid) === query.app);
  const go = (next: Choice, app?: number) => route(`${path}${writeChoice(next, app)}`, true);
  return (
    <>
      <Summary library={library} />
      <div class="library">
        <div>
          <LibraryFilters
            games={library.games}
            choice={choice}
            shown={games.length}
            onChange={(next) => go(next)}
          />
          <Wall games={games} onOpen={(appid) => go(choice, appid)} />
        </div>
        <Insights
          library={library}
          onOpen={(appid) => go(choice, appid)}
          onGenre={(genre) => go({ ...choice, genre })}
        />
      </div>
      {opened && (
        <GameDialog
          key={opened.appid}
          game={opened}
          importId={library.import_id}
          onClose={() => go(choice)}
          onDecided={onChange}
        />
      )}
      <LibraryActions library={library} shown={games} />
      <p class="hint">
        Game data and covers are from <a href="https://www.igdb.com">IGDB.com</a>.
      </p>
    </>
  );
}

function Summary({ library: { games, import_id, imported_at } }: { library: PublishedLibrary }) {
  const owned = games.filter(({ classification, gone }) => classification === 'game' && !gone);
  const minutes = owned.reduce((sum, { playtime_minutes }) => sum + (playtime_minutes ?? 0), 0);
  const matched = owned.filter(({ match_status }) => match_status === 'MATCHED').length;
  return (
    <p class="subtitle">
      {plural(owned.length, 'game')}, {count(matched)} with IGDB’s data, {playtime(minutes)} played · as of{' '}
      <a href={`/console/imports/${import_id}`}>
        the import <Ago at={imported_at} />
      </a>
    </p>
  );
}
