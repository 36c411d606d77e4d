import type { Named } from '../contracts/named-list.ts';
import type { IgdbGame } from './igdb-game.ts';

/** What a look-up found for one Steam app, and why. */
export type MatchMethod = 'override' | 'uid' | 'name' | 'alternative_name' | 'search';

export type Match =
  | {
      status: 'MATCHED';
      game: IgdbGame;
      method: MatchMethod;
      /** 0 to 1 */
      confidence: number;
      reason: string;
      /** IGDB ids of the candidates that were not taken, ascending. */
      rejectedIds: number[];
      candidates?: Candidates;
    }
  /** PENDING: IGDB refused the question, so nobody knows. */
  | { status: 'UNMATCHED' | 'PENDING'; reason: string; rejectedIds: number[]; candidates?: Candidates };

/** The rejected ones with their names; absent where there are none, and of answers of before, which kept no names. */
export type Candidates = readonly Named[] | null;

/** In words, as `match_reason` of the enriched row keeps them. */
export const unmatchedReasons = {
  noCandidate: 'IGDB has no game of this app id or name',
  noAgreement: 'no candidate bears this name',
  addOn: 'IGDB has only an add-on here',
  otherPlatform: 'the games of this name did not come out on a PC',
  otherYear: 'the games of this name came out in another year',
  ambiguous: 'several games bear this name and nothing tells them apart',
  noName: 'Steam gave no name to look for',
} as const;

export const unmatched = (reason: keyof typeof unmatchedReasons, games: readonly IgdbGame[]): Match => ({
  status: 'UNMATCHED',
  reason: unmatchedReasons[reason],
  rejectedIds: games.map(({ igdbId }) => igdbId),
});
