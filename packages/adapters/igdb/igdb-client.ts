import type { IgdbCatalogue } from '@savepoint/core/matching/igdb-game.ts';
import { igdbLimits, stages } from '@savepoint/core/topology.ts';
import { type Clock, systemClock } from './clock.ts';
import { bundleQuestions } from './bundled-questions.ts';
import { createCatalogue } from './igdb-catalogue.ts';
import { createAskIgdb } from './igdb-request.ts';
import { type LeftOut, leaveOutRefusedFields } from './optional-fields.ts';
import { createRateLimiter, type RateLimiter, type RateLimits, shareOf } from './rate-limiter.ts';
import { defaultRetries, type Retries } from './retries.ts';
import type { GetIgdbCredentials } from './token-request.ts';
import { createTimesToBeat } from './times-to-beat.ts';
import { createTokenSource } from './token-source.ts';
import type { TokenStore } from './token-store.ts';

export type IgdbClientOptions = {
  /** `https://api.igdb.com/v4`, or a simulator's address. */
  apiUrl: string;
  /** `https://id.twitch.tv/oauth2/token`, or a simulator's address. */
  tokenUrl: string;
  credentials: GetIgdbCredentials;
  tokenStore: TokenStore;
  /** In place of one of its own, where others in this process ask IGDB too. */
  limiter?: RateLimiter;
  /** How many such clients may run at once, in all processes together. Default: as the topology allows. */
  instances?: number;
  /** Of the Client-ID, over all instances. Default: IGDB's own. */
  limits?: RateLimits;
  /** Of each request. */
  timeoutSeconds?: number;
  retries?: Retries;
  clock?: Clock;
  /** Told when IGDB does not take a field of games, which is then not asked for. */
  onLeftOut?: (leftOut: LeftOut) => void;
};

/** What was sent since the client was made. */
export type IgdbStats = { requests: number; rateLimited: number; tokenRequests: number };

/** Throws IgdbApiError; see `AskIgdb` and `requestToken` for the codes. */
export type IgdbClient = IgdbCatalogue & {
  /** The same client, whose calls fail with IGDB_DEADLINE (retryable) once `signal` aborts. */
  withSignal(signal: AbortSignal): IgdbCatalogue;
  stats(): IgdbStats;
};

/** A client of IGDB. Make one for a process: its calls share the limits, the token and the back-off. */
export function createIgdbClient(options: IgdbClientOptions): IgdbClient {
  const {
    instances = stages['igdb-enrichment'].maximumConcurrency,
    limits = igdbLimits,
    timeoutSeconds = 15,
    retries = defaultRetries,
    clock = systemClock,
    onLeftOut = () => undefined,
  } = options;
  const stats: IgdbStats = { requests: 0, rateLimited: 0, tokenRequests: 0 };
  const shared = { ...options, timeoutSeconds, retries, clock };
  const tokens = createTokenSource({
    ...shared,
    onTokenRequest: () => {
      stats.tokenRequests += 1;
    },
  });
  const askOne = createAskIgdb({
    ...shared,
    tokens,
    limiter: options.limiter ?? createRateLimiter(shareOf(limits, instances), clock),
    traffic: {
      onRequest: () => {
        stats.requests += 1;
      },
      onRateLimited: () => {
        stats.rateLimited += 1;
      },
    },
  });
  const askBundled = bundleQuestions(askOne, clock);
  const ask = leaveOutRefusedFields(askBundled, { clock, onLeftOut });
  const findTimesToBeat = createTimesToBeat(askBundled, clock);
  const withSignal = (signal?: AbortSignal): IgdbCatalogue => ({
    ...createCatalogue((question) => ask(question, signal)),
    findTimesToBeat: (igdbIds) => findTimesToBeat(igdbIds, signal),
  });
  return {
    ...withSignal(),
    withSignal,
    stats: () => ({ ...stats }),
  };
}
