import * as v from 'valibot';
import { cleanLine } from '../contracts/clean-text.ts';
import { PipelineError, toPipelineError, ValidationError } from '../errors.ts';

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

const Payload = v.strictObject({ q: v.string() });

/** What a search answers to whoever calls it from elsewhere: the games, or what its caller must know of a failure. */
export const SearchAnswer = v.union([
  v.object({ games: v.array(FoundGame) }),
  v.object({
    error: v.object({
      code: v.string(),
      message: v.string(),
      retryable: v.boolean(),
      retry_after_seconds: v.nullable(v.number()),
    }),
  }),
]);
export type SearchAnswer = v.InferOutput<typeof SearchAnswer>;

/** Answers `{"q": "half-life"}`. Never throws. */
export async function answerSearch({ searchGames }: SearchGames, payload: unknown): Promise<SearchAnswer> {
  try {
    const call = v.safeParse(Payload, payload);
    if (!call.success)
      throw new ValidationError('PAYLOAD_INVALID', 'The payload must be {"q": "half-life"}.');
    return { games: await searchGames(readSearchWords(call.output.q)) };
  } catch (thrown) {
    const { code, message, retryable, retryAfterSeconds = null } = toPipelineError(thrown);
    return { error: { code, message, retryable, retry_after_seconds: retryAfterSeconds } };
  }
}

/**
 * The search that something else does, which is called with the payload and gives what `answerSearch` gave.
 * @throws PipelineError with the search's own code, FUNCTION_UNAVAILABLE, or what `call` throws
 */
export const searchElsewhere = (call: (payload: unknown) => Promise<unknown>): SearchGames => ({
  async searchGames(words) {
    const answer = v.safeParse(SearchAnswer, await call({ q: words }));
    if (!answer.success)
      throw new PipelineError('FUNCTION_UNAVAILABLE', 'The search gave no usable answer.', {
        retryable: true,
      });
    if ('games' in answer.output) return answer.output.games;
    const { code, message, retryable, retry_after_seconds: after } = answer.output.error;
    throw new PipelineError(code, message, {
      retryable,
      ...(after !== null && { retryAfterSeconds: after }),
    });
  },
});
