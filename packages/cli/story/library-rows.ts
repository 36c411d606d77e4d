import type {
  PublishedChange,
  PublishedGame,
  PublishedLibrary,
} from '@savepoint/core/contracts/published-library.ts';
import type { Column } from '../terminal/table.ts';
import { moment } from '../terminal/times.ts';
import { count, plural } from './plural.ts';

/** A person's library in lines. */

export const librarySorts = ['playtime', 'last-played', 'title', 'rating', 'release'] as const;
export type LibraryFilter = {
  search?: string;
  genre?: string;
  platform?: string;
  unplayed?: boolean;
  sort: (typeof librarySorts)[number];
  max?: number;
};

/** What nobody told comes last. */
const ordersBy: Record<LibraryFilter['sort'], (a: PublishedGame, b: PublishedGame) => number> = {
  playtime: (a, b) => (b.playtime_minutes ?? -1) - (a.playtime_minutes ?? -1),
  'last-played': (a, b) => (b.last_played_at ?? '').localeCompare(a.last_played_at ?? ''),
  title: () => 0,
  rating: (a, b) => (b.rating ?? -1) - (a.rating ?? -1),
  release: (a, b) => (b.release_date ?? '').localeCompare(a.release_date ?? ''),
};

/** Games that the filter lets through, in its order; of two alike the one that the alphabet names first. */
export function pickGames(games: readonly PublishedGame[], filter: LibraryFilter): PublishedGame[] {
  const { search, genre, platform, unplayed, sort, max } = filter;
  const names = (list: readonly string[], wanted?: string) =>
    wanted === undefined || list.some((name) => lower(name) === lower(wanted));
  const picked = games.filter(
    (game) =>
      !game.gone &&
      (search === undefined || lower(`${game.title} ${game.igdb_name ?? ''}`).includes(lower(search))) &&
      names(game.genres, genre) &&
      names(game.platforms, platform) &&
      (!unplayed || game.playtime_minutes === 0),
  );
  const byTitle = new Intl.Collator('en', { numeric: true });
  return picked.toSorted((a, b) => ordersBy[sort](a, b) || byTitle.compare(a.title, b.title)).slice(0, max);
}

const lower = (text: string): string => text.toLowerCase();

export const gameColumns: readonly Column[] = [
  { head: 'title', shortensTo: 24 },
  { head: 'hours' },
  { head: 'last played', drops: 3 },
  { head: 'rating', drops: 2 },
  { head: 'year', drops: 4 },
  { head: 'genres', shortensTo: 12, drops: 1 },
  { head: 'match', drops: 5 },
];

export const gameRow = (game: PublishedGame): string[] => [
  game.title,
  hoursOf(game.playtime_minutes),
  game.last_played_at?.slice(0, 10) ?? '',
  game.rating === null ? '' : String(Math.round(game.rating)),
  game.release_date?.slice(0, 4) ?? '',
  game.genres.join(', '),
  game.match_status.toLowerCase(),
];

/** `?` where Steam does not tell. */
const hoursOf = (minutes: number | null): string => (minutes === null ? '?' : (minutes / 60).toFixed(1));

export function libraryHead(library: PublishedLibrary, shown: number): string {
  const games = library.games.filter(({ gone }) => !gone);
  const minutes = games.reduce((sum, { playtime_minutes }) => sum + (playtime_minutes ?? 0), 0);
  const matched = games.filter(({ match_status }) => match_status === 'MATCHED').length;
  return [
    `${library.steam_id}, imported ${moment(library.imported_at)}: ${plural(games.length, 'game')}, ${count(matched)} matched, ${count(Math.round(minutes / 60))} hours`,
    ...(shown < games.length ? [`${count(shown)} shown; --max, --search and --genre show others`] : []),
  ].join('\n');
}

export const changeColumns: readonly Column[] = [
  { head: 'imported' },
  { head: 'change' },
  { head: 'title', shortensTo: 20 },
  { head: 'minutes' },
];

/** @param titles by app id. */
export const changeRow = (change: PublishedChange, titles: ReadonlyMap<number, string>): string[] => [
  moment(change.imported_at),
  change.kind,
  change.appid === null ? 'the library' : (titles.get(change.appid) ?? `App ${change.appid}`),
  change.kind === 'played' ? `+${count(change.minutes_after! - change.minutes_before!)}` : '',
];
