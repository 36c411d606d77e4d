import type { ImportView } from '@savepoint/core/contracts/import-view.ts';
import type { PublishedLibrary } from '@savepoint/core/contracts/published-library.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { Cover } from '../../parts/cover.tsx';
import { plural } from '../../parts/numbers.ts';

const shown = 24;

/** The covers of what was imported, the most played first. @param isNew whether somebody watched it being made. */
export function WallAtLast({ view: { steam_id }, isNew }: { view: ImportView; isNew: boolean }) {
  // It is published a moment after the load.
  const { answer } = useAnswer<PublishedLibrary>(`/libraries/${steam_id}`, { isAwaited: true });
  const games = answer?.games.filter(({ classification, gone }) => classification === 'game' && !gone) ?? [];
  if (games.length === 0) return null;
  const first = games
    .toSorted((a, b) => (b.playtime_minutes ?? 0) - (a.playtime_minutes ?? 0))
    .slice(0, shown);
  return (
    <section aria-labelledby="wall">
      <div class="title">
        <h2 id="wall">{plural(games.length, 'game')}</h2>
        <a href={`/console/libraries/${steam_id}`}>See them all</a>
      </div>
      <ul class={isNew ? 'wall strip appearing' : 'wall strip'}>
        {first.map((game) => (
          <li key={game.appid}>
            <a href={`/console/libraries/${steam_id}?app=${game.appid}`} title={game.title}>
              <Cover game={game} />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
