import { questionsPerBundle } from '@savepoint/adapters/igdb/bundled-questions.ts';
import {
  idsPerRequest,
  namesakesPerRequest,
  namesPerRequest,
  otherCasesPerRequest,
  uidsPerRequest,
} from '@savepoint/core/matching/igdb-game.ts';

/** How IGDB knows an app. Of what it knows by uid, a few bear another name, and are asked for a second time. */
export type KnownBy = 'uid' | 'uid of another name' | 'name' | 'nothing';

/** The shares of a mixed library (docs/performance.md), spread over the ranks so that each rank has its own for ever. */
export function knownBy(rank: number): KnownBy {
  const place = (rank * 0.618_033_988_749_894_9) % 1;
  if (place < 0.85) return place < 0.03 ? 'uid of another name' : 'uid';
  return place < 0.95 ? 'name' : 'nothing';
}

/**
 * Requests to IGDB for apps that nobody remembers: the questions of each round, as many of them in one request as the
 * client puts there, and one round for time to beat.
 */
export function requestsFor(ranks: Iterable<number>): number {
  const count: Record<KnownBy, number> = { uid: 0, 'uid of another name': 0, name: 0, nothing: 0 };
  for (const rank of ranks) count[knownBy(rank)] += 1;
  const byUid = count.uid + count['uid of another name'];
  const rounds = [
    (byUid + count.name + count.nothing) / uidsPerRequest,
    Math.ceil(count['uid of another name'] / namesakesPerRequest) +
      Math.ceil((count.name + count.nothing) / namesPerRequest),
    count.nothing / otherCasesPerRequest,
    (byUid + count.name) / idsPerRequest,
  ];
  return rounds.reduce((sum, questions) => sum + Math.ceil(Math.ceil(questions) / questionsPerBundle), 0);
}
