import type { PublishedGame } from '@savepoint/core/contracts/published-library.ts';

/** Which games of a library are shown, and in which order. It stands in the address, so that it can be sent on. */

export const orders = {
  played: 'Most played',
  recent: 'Last played',
  title: 'Title',
  rating: 'Rating',
  release: 'Newest release',
  'time-to-beat': 'Shortest to beat',
} as const;
export type Order = keyof typeof orders;

export const timesToBeat = { 5: 'up to 5 h', 12: 'up to 12 h', 30: 'up to 30 h' } as const;

export type Choice = {
  words: string;
  order: Order;
  genre: string;
  platform: string;
  /** `played`, `unplayed`, `gone`, `unmatched` or `other`: what is no game. Empty: the games. */
  show: string;
  deck: string;
  /** Hours, normally. */
  hours: string;
};

export const noChoice: Choice = {
  words: '',
  order: 'played',
  genre: '',
  platform: '',
  show: '',
  deck: '',
  hours: '',
};

export const readChoice = (query: Record<string, string>): Choice => ({
  ...noChoice,
  ...Object.fromEntries(Object.entries(query).filter(([name]) => name in noChoice)),
  order: query.order !== undefined && query.order in orders ? (query.order as Order) : noChoice.order,
});

/** @param app the game that is open */
export function writeChoice(choice: Choice, app?: number): string {
  const told = Object.entries(choice).filter(([name, value]) => value !== noChoice[name as keyof Choice]);
  const query = new URLSearchParams([...told, ...(app === undefined ? [] : [['app', String(app)]])] as [
    string,
    string,
  ][]);
  return query.size === 0 ? '' : `?${query}`;
}

export function chooseGames(games: readonly PublishedGame[], choice: Choice): PublishedGame[] {
  const words = fold(choice.words).split(/\s+/).filter(Boolean);
  return games
    .filter((game) => isShown(game, choice.show))
    .filter(
      (game) =>
        (choice.genre === '' || game.genres.includes(choice.genre)) &&
        (choice.platform === '' || game.platforms.includes(choice.platform)) &&
        (choice.deck === '' || game.deck_compatibility === choice.deck) &&
        (choice.hours === '' || beatenWithin(game, Number(choice.hours))),
    )
    .filter((game) => {
      const text = fold(`${game.title} ${game.igdb_name ?? ''}`);
      return words.every((word) => text.includes(word));
    })
    .sort(comparing[choice.order]);
}

function isShown(game: PublishedGame, show: string): boolean {
  if (show === 'gone') return game.gone;
  if (game.gone) return false;
  if (show === 'other') return game.classification !== 'game';
  if (game.classification !== 'game') return false;
  if (show === 'played') return (game.playtime_minutes ?? 0) > 0;
  if (show === 'unplayed') return game.playtime_minutes === 0;
  return show !== 'unmatched' || game.match_status !== 'MATCHED';
}

const beatenWithin = ({ time_to_beat_normally_seconds: seconds }: PublishedGame, hours: number): boolean =>
  seconds !== null && seconds <= hours * 3600;

/** Without accents and capitals. */
const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });
const byTitle = (a: PublishedGame, b: PublishedGame) => collator.compare(a.title, b.title);
/** What nobody knows comes last. */
const falling =
  (value: (game: PublishedGame) => number | string | null) => (a: PublishedGame, b: PublishedGame) => {
    const [left, right] = [value(a) ?? '', value(b) ?? ''];
    if (left === right) return byTitle(a, b);
    return left === '' ? 1 : right === '' ? -1 : left < right ? 1 : -1;
  };

const comparing: Record<Order, (a: PublishedGame, b: PublishedGame) => number> = {
  played: falling(({ playtime_minutes }) => playtime_minutes),
  recent: falling(({ last_played_at }) => last_played_at),
  title: byTitle,
  rating: falling(({ rating }) => rating),
  release: falling(({ release_date }) => release_date),
  'time-to-beat': falling(({ time_to_beat_normally_seconds: seconds }) =>
    seconds === null ? null : -seconds,
  ),
};
