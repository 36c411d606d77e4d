import type { IgdbGame } from './catalogue.ts';
import { chance, oneOf, someOf } from './chance.ts';
import { adjectives, nouns } from './title-words.ts';

/** What IGDB tells of a game beside what it is, drawn from its id: plausible, invented, and the same at each start. */

/** IGDB's own ids. */
export const themeNames: Readonly<Record<number, string>> = {
  1: 'Action',
  17: 'Fantasy',
  18: 'Science fiction',
  19: 'Horror',
  20: 'Thriller',
  21: 'Survival',
  22: 'Historical',
  23: 'Stealth',
  27: 'Comedy',
  28: 'Business',
  31: 'Drama',
  33: 'Sandbox',
  35: 'Kids',
  38: 'Open world',
  39: 'Warfare',
  40: 'Party',
  41: '4X (explore, expand, exploit, and exterminate)',
  43: 'Mystery',
};
export const gameModeNames: Readonly<Record<number, string>> = {
  1: 'Single player',
  2: 'Multiplayer',
  3: 'Co-operative',
  4: 'Split screen',
  5: 'Massively Multiplayer Online (MMO)',
  6: 'Battle Royale',
};
export const perspectiveNames: Readonly<Record<number, string>> = {
  1: 'First person',
  2: 'Third person',
  3: 'Bird view / Isometric',
  4: 'Side view',
  5: 'Text',
  7: 'Virtual Reality',
};

export const companies = Array.from({ length: 500 }, (_, index) => ({
  id: index + 1,
  name: `${adjectives[index % adjectives.length]} ${nouns[(index * 7) % nouns.length]} ${oneOf(['Games', 'Studios', 'Interactive', 'Entertainment'], index, 1)}`,
}));

export type GameDetails = {
  total_rating?: number;
  total_rating_count?: number;
  aggregated_rating?: number;
  aggregated_rating_count?: number;
  themes: number[];
  game_modes: number[];
  player_perspectives: number[];
  developer: number;
  publisher: number;
  /** The series, by name. */
  collection?: string;
  websites: { url: string; type: number }[];
  /** Seconds. */
  timeToBeat?: { hastily?: number; normally?: number; completely?: number; count: number };
};

const idsOf = (names: Readonly<Record<number, string>>): number[] => Object.keys(names).map(Number);
const official = 1;
const wikipedia = 3;
const hourSeconds = 3600;

/** Most games are rated, some by critics; half were timed. */
export function drawDetails({ id, name, slug }: IgdbGame): GameDetails {
  const ratings = chance(id, 1) < 0.7 ? Math.ceil(3000 ** chance(id, 2)) : 0;
  const reviews = chance(id, 3) < 0.4 ? Math.ceil(30 * chance(id, 4)) : 0;
  const developer = oneOf(companies, id, 5).id;
  const collection = seriesOf(name);
  return {
    ...(ratings > 0 && { total_rating: 45 + 50 * chance(id, 6), total_rating_count: ratings }),
    ...(reviews > 0 && { aggregated_rating: 40 + 55 * chance(id, 7), aggregated_rating_count: reviews }),
    themes: someOf(idsOf(themeNames), 2, id, 8),
    game_modes: [1, ...(chance(id, 10) < 0.4 ? someOf([2, 3, 4], 2, id, 11) : [])],
    player_perspectives: [oneOf(idsOf(perspectiveNames), id, 13)],
    developer,
    publisher: chance(id, 14) < 0.5 ? developer : oneOf(companies, id, 15).id,
    ...(collection !== undefined && { collection }),
    websites: [
      { url: `https://${slug}.example`, type: official },
      ...(chance(id, 16) < 0.5 ? [{ url: `https://en.wikipedia.org/wiki/${slug}`, type: wikipedia }] : []),
    ],
    ...(chance(id, 17) < 0.5 && { timeToBeat: drawTimes(id) }),
  };
}

function drawTimes(id: number): NonNullable<GameDetails['timeToBeat']> {
  const normally = Math.round(hourSeconds * Math.exp(0.5 + 4 * chance(id, 18)));
  return {
    hastily: Math.round(normally * (0.5 + 0.4 * chance(id, 19))),
    normally,
    // Nobody told of each.
    ...(chance(id, 20) < 0.8 && { completely: Math.round(normally * (1.2 + 2 * chance(id, 21))) }),
    count: Math.ceil(200 ** chance(id, 22)),
  };
}

/** `Portal` of `Portal 2`, `The Witcher` of `The Witcher 3: Wild Hunt`; undefined where the name says nothing of it. */
function seriesOf(name: string): string | undefined {
  const [, first] = /^(.{3,}?)\s+(?:\d{1,2}|[IVX]{1,4})\b/.exec(name) ?? /^([^:]{3,}):\s/.exec(name) ?? [];
  return first?.trim();
}
