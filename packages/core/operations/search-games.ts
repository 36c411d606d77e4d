import * as v from 'valibot';
import { cleanLine } from '../contracts/clean-text.ts';
import { ValidationError } from '../errors.ts';

/** Searching IGDB, for a person who knows better than the rules which game an app is. */

export const FoundGame = v.object({
  igdb_id: v.number(),
  name: v.string(),
  /** Of the first release; null where IGDB does not tell. */
  year: v.nullable(v.number()),
  platforms: v.array(v.string()),
  cover_url: v.nullable(v.string()),
});
export type FoundGame = v.InferOutput<typeof FoundGame>;

export type SearchGames = {
  /** In IGDB's own order, 20 at most. @throws IgdbApiError; PipelineError IGDB_BUSY: it was asked a moment ago */
  searchGames(words: string): Promise<FoundGame[]>;
};

const maxWordsChars = 100;

/** @throws ValidationError SEARCH_WORDS_INVALID */
export function readSearchWords(text: string): string {
  const words = cleanLine(text, maxWordsChars + 1);
  if (words !== null && words.length <= maxWordsChars) return words;
  throw new ValidationError(
    'SEARCH_WORDS_INVALID',
    `Say what to search for, in at most ${maxWordsChars} characters, such as “half-life 2”.`,
  );
}
