import type { PublishedGame } from '@savepoint/core/contracts/published-library.ts';
import type { MatchedApp } from '@savepoint/core/operations/list-apps.ts';
import type { ComponentChildren } from 'preact';
import { useAnswer } from '../../api/use-answer.ts';
import { Cover } from '../../parts/cover.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Match } from '../../parts/match.tsx';
import { count, day, duration, moment, percent, playtime } from '../../parts/numbers.ts';
import { WrongGame } from '../../parts/wrong-game/wrong-game.tsx';

type Props = { game: PublishedGame; importId: string; onClose(): void; onDecided(): unknown };

/** All that is known of a game in a library, and why it is this one. */
export const GameDialog = ({ game, importId, onClose, onDecided }: Props) => (
  <Dialog title={game.title} large onClose={onClose}>
    <div class="game">
      <Cover game={game} isDecoration />
      <div class="game-text">
        {game.summary && <p class="summary">{game.summary}</p>}
        <dl class="pairs">
          {factsOf(game).map(
            ([name, value]) => value !== null && <Fact key={name} name={name} value={value} />,
          )}
        </dl>
        <Links game={game} />
        <h3>Why this game?</h3>
        <Why game={game} importId={importId} />
        <WrongGame
          app={{ appid: game.appid, title: game.title, igdbId: game.igdb_id }}
          importId={importId}
          onDecided={onDecided}
        />
      </div>
    </div>
  </Dialog>
);

const Fact = ({ name, value }: { name: string; value: ComponentChildren }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
);

const list = (words: readonly string[] | null): string | null => (words?.length ? words.join(', ') : null);
const hours = (seconds: number | null): string | null => (seconds === null ? null : duration(seconds * 1000));

function factsOf(game: PublishedGame): [string, ComponentChildren | null][] {
  return [
    ['Played', game.playtime_minutes === null ? 'hidden by its owner' : playtime(game.playtime_minutes)],
    ['Last played', game.last_played_at && moment(game.last_played_at)],
    ['Released', game.release_date && day(game.release_date)],
    ['Genres', list(game.genres)],
    ['Themes', list(game.themes)],
    ['Modes', list(game.game_modes)],
    ['Platforms', list(game.platforms)],
    ['Developers', list(game.developers)],
    ['Publishers', list(game.publishers)],
    ['Series', list(game.series)],
    [
      'IGDB rating',
      game.rating === null ? null : `${Math.round(game.rating)} of 100 (${count(game.rating_count ?? 0)})`,
    ],
    ['Critics', game.critic_rating === null ? null : `${Math.round(game.critic_rating)} of 100`],
    [
      'Steam reviews',
      game.review_percent === null
        ? null
        : `${percent(game.review_percent / 100)} of ${count(game.review_count ?? 0)} are positive`,
    ],
    ['Steam Deck', game.deck_compatibility],
    ['Time to beat', hours(game.time_to_beat_normally_seconds)],
    ['To complete', hours(game.time_to_beat_completely_seconds)],
    ['Steam app', String(game.appid)],
    ['What it is', game.classification.replaceAll('_', ' ')],
  ];
}

function Links({ game: { igdb_slug, appid, websites } }: { game: PublishedGame }) {
  const links = [
    { name: 'Steam', url: `https://store.steampowered.com/app/${appid}` },
    ...(igdb_slug === null
      ? []
      : [{ name: 'IGDB', url: `https://www.igdb.com/games/${encodeURIComponent(igdb_slug)}` }]),
    // Whatever IGDB's people entered: only what is a page on the web becomes a link.
    ...(websites ?? []).flatMap((url) => httpsLink(url)).slice(0, 6),
  ];
  return (
    <p class="links">
      {links.map(({ name, url }) => (
        <a key={url} href={url} target="_blank" rel="noopener noreferrer">
          {name}
        </a>
      ))}
    </p>
  );
}

function httpsLink(text: string): { name: string; url: string }[] {
  const url = URL.parse(text);
  return url?.protocol === 'https:' ? [{ name: url.hostname.replace(/^www\./, ''), url: url.href }] : [];
}

/** The enriched file of the import has the reasons; files expire after some weeks. */
function Why({ game, importId }: { game: PublishedGame; importId: string }) {
  const { answer, problem } = useAnswer<{ apps: MatchedApp[] }>(
    `/imports/${importId}/apps?appid=${game.appid}&max=1`,
  );
  const app = answer?.apps.find(({ appid }) => appid === game.appid);
  if (app) return <Match app={app} />;
  if (problem?.status === 404 || answer)
    return <p class="hint">The file that said so has expired. Import the library again to see it.</p>;
  return <p class="hint">{problem ? problem.message : 'Looking…'}</p>;
}
