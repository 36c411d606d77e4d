import type {
  PublishedChange,
  PublishedGame,
  PublishedLibrary,
} from '@savepoint/core/contracts/published-library.ts';
import { useMemo } from 'preact/hooks';
import { playtime } from '../../parts/numbers.ts';
import { Ago } from '../../parts/time.tsx';

type Props = { library: PublishedLibrary; onOpen(appid: number): void; onGenre(genre: string): void };

const shown = 8;

/** What the library says of its owner: hours by genre and by month, and what changed. */
export function Insights({ library, onOpen, onGenre }: Props) {
  const genres = useMemo(() => minutesByGenre(library.games), [library]);
  const titles = useMemo(() => new Map(library.games.map(({ appid, title }) => [appid, title])), [library]);
  const months = library.minutes_by_month.slice(0, 12);
  const changes = library.changes.slice(0, 2 * shown);
  return (
    <aside class="insights" aria-label="About this library">
      {genres.length > 0 && (
        <section class="card" aria-labelledby="by-genre">
          <h2 id="by-genre">Hours by genre</h2>
          <Bars
            rows={genres.slice(0, shown).map(([name, minutes]) => ({ name, minutes }))}
            onChoose={onGenre}
          />
        </section>
      )}
      {months.length > 0 && (
        <section class="card" aria-labelledby="by-month">
          <h2 id="by-month">Hours by month</h2>
          <Bars rows={months.map(({ month, minutes }) => ({ name: monthName(month), minutes }))} />
        </section>
      )}
      {changes.length > 0 && (
        <section class="card" aria-labelledby="changes">
          <h2 id="changes">What changed</h2>
          <ul class="changes">
            {changes.map((change) => (
              <li key={change.seq}>
                <Change
                  change={change}
                  title={change.appid === null ? null : (titles.get(change.appid) ?? null)}
                  onOpen={onOpen}
                />
              </li>
            ))}
          </ul>
        </section>
      )}
    </aside>
  );
}

/** A game counts for each of its genres. */
function minutesByGenre(games: readonly PublishedGame[]): [string, number][] {
  const minutes = new Map<string, number>();
  for (const { genres, playtime_minutes } of games)
    for (const genre of genres) minutes.set(genre, (minutes.get(genre) ?? 0) + (playtime_minutes ?? 0));
  return [...minutes].filter(([, each]) => each > 0).sort(([, a], [, b]) => b - a);
}

const monthNames = new Intl.DateTimeFormat(undefined, { month: 'short', year: 'numeric', timeZone: 'UTC' });
const monthName = (month: string): string => monthNames.format(new Date(`${month}-01T00:00:00Z`));

type BarsProps = { rows: readonly { name: string; minutes: number }[]; onChoose?: (name: string) => void };

function Bars({ rows, onChoose }: BarsProps) {
  const most = Math.max(1, ...rows.map(({ minutes }) => minutes));
  return (
    <ul class="hbars">
      {rows.map(({ name, minutes }) => (
        <li key={name}>
          {onChoose ? (
            <button type="button" class="link" onClick={() => onChoose(name)}>
              {name}
            </button>
          ) : (
            <span>{name}</span>
          )}
          <span class="hbar" aria-hidden="true">
            <span style={{ width: `${(minutes / most) * 100}%` }} />
          </span>
          <span class="number">{playtime(minutes)}</span>
        </li>
      ))}
    </ul>
  );
}

type ChangeProps = { change: PublishedChange; title: string | null; onOpen(appid: number): void };

function Change({
  change: { kind, appid, minutes_before, minutes_after, imported_at },
  title,
  onOpen,
}: ChangeProps) {
  const game =
    appid === null ? null : (
      <button type="button" class="link" onClick={() => onOpen(appid)}>
        {title ?? `App ${appid}`}
      </button>
    );
  const told = {
    imported: <>The library was imported for the first time</>,
    added: <>{game} is new</>,
    gone: <>{game} is gone</>,
    returned: <>{game} is back</>,
    played: (
      <>
        {game}: {playtime((minutes_after ?? 0) - (minutes_before ?? 0))} more
      </>
    ),
    matched: <>{game} was matched</>,
  };
  return (
    <>
      {told[kind]} <Ago at={imported_at} />
    </>
  );
}
