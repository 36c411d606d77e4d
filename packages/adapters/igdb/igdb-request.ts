import { cleanLine } from '@savepoint/core/contracts/clean-text.ts';
import type { IgdbApiError } from '@savepoint/core/errors.ts';
import * as v from 'valibot';
import { exchange, type HttpAnswer, join, jsonOf, type NoAnswer } from '../http/exchange.ts';
import { answerLimits } from '../limits.ts';
import { type Clock, orAborted } from './clock.ts';
import { authorizationFailed, deadline, queryRefused, rateLimited, unavailable } from './igdb-errors.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { type Retries, retryDelayMs } from './retries.ts';
import type { AccessToken, TokenSource } from './token-source.ts';

export type IgdbTraffic = { onRequest(): void; onRateLimited(): void };

export type IgdbRequestOptions = {
  apiUrl: string;
  tokens: TokenSource;
  limiter: RateLimiter;
  timeoutSeconds: number;
  retries: Retries;
  clock: Clock;
  traffic: IgdbTraffic;
};

export type Question = {
  /** Such as `external_games`. */
  endpoint: string;
  /** In Apicalypse. */
  query: string;
  /** Whether these rows can be meant as an answer; what cannot is no answer. */
  isAnswer(rows: readonly unknown[]): boolean;
  /** How often it is sent at most, where that is less often than all others. */
  attempts?: number;
};

/**
 * Asks a question; gives the rows of the answer.
 * @throws IgdbApiError retryable IGDB_UNAVAILABLE, IGDB_RATE_LIMITED, IGDB_AUTH_FAILED, IGDB_DEADLINE (`signal`
 *   aborted); IGDB_QUERY_REFUSED; and what the token's source throws
 */
export type AskIgdb = (question: Question, signal?: AbortSignal) => Promise<unknown[]>;

/** Longer pauses are for the queue, which does not hold an instance meanwhile. */
const maxPauseSeconds = 30;

export function createAskIgdb(options: IgdbRequestOptions): AskIgdb {
  const { tokens, clock, limiter, retries } = options;

  const delayMs = (askedSeconds: number | undefined, attempt: number) =>
    Math.max(retryDelayMs(retries, attempt), 1000 * Math.min(askedSeconds ?? 0, maxPauseSeconds));
  const sendInTurn = (call: Call, attempt: number) =>
    limiter.run(async (sent) => {
      const answer = await send(options, call, sent);
      // The limit is everybody's: another request would only be refused too. Said before the next one may begin.
      if (answer.status === 429) limiter.pause(delayMs(answer.retryAfterSeconds, attempt));
      return answer;
    }, call.signal);
  const ask: AskIgdb = async (question, signal) => {
    const { endpoint, query, attempts = retries.attempts } = question;
    let token = await orAborted(tokens.current(), signal);
    let hasNewToken = false;
    for (let attempt = 1; ; ) {
      const answer = await sendInTurn({ endpoint, query, signal, token }, attempt);
      if (answer.status === 401) {
        if (hasNewToken) throw authorizationFailed(endpoint);
        hasNewToken = true;
        token = await orAborted(tokens.replace(token), signal);
        continue;
      }
      const outcome = readAnswer(question, answer, token);
      if (Array.isArray(outcome)) return outcome;
      const { retryAfterSeconds } = outcome;
      if (attempt >= attempts || (retryAfterSeconds ?? 0) > maxPauseSeconds) throw outcome;
      if (answer.status !== 429) await clock.sleep(delayMs(retryAfterSeconds, attempt), signal);
      attempt += 1;
    }
  };
  return async (question, signal) => {
    try {
      signal?.throwIfAborted();
      return await ask(question, signal);
    } catch (error) {
      throw signal?.aborted ? deadline(question.endpoint) : error;
    }
  };
}

type Call = { endpoint: string; query: string; signal: AbortSignal | undefined; token: AccessToken };

async function send(
  { apiUrl, timeoutSeconds, traffic }: IgdbRequestOptions,
  call: Call,
  onSent: () => void,
): Promise<HttpAnswer | NoAnswer> {
  traffic.onRequest();
  const answer = await exchange({
    method: 'post',
    url: join(apiUrl, call.endpoint),
    headers: {
      Accept: 'application/json',
      Authorization: `Bearer ${call.token.accessToken}`,
      'Client-ID': call.token.clientId,
    },
    body: call.query,
    timeoutSeconds,
    maxBytes: answerLimits.igdb,
    signal: call.signal,
    onSent,
  });
  if (answer.status === 429) traffic.onRateLimited();
  return answer;
}

/** The rows, or a failure that may pass. @throws IgdbApiError IGDB_QUERY_REFUSED */
function readAnswer(
  { endpoint, isAnswer }: Question,
  answer: HttpAnswer | NoAnswer,
  token: AccessToken,
): unknown[] | IgdbApiError {
  if (answer.status === null) return unavailable({ endpoint, reason: answer.reason });
  const { status } = answer;
  if (status === 429) return rateLimited(endpoint, answer.retryAfterSeconds);
  if (status >= 400 && status < 500 && status !== 408) {
    const refusal = refusalTitle(answer);
    const title = refusal?.replaceAll(token.accessToken, '…') ?? 'no reason given';
    // Without IGDB's own words it may be a gateway speaking.
    throw queryRefused({ endpoint, status, title }, refusal === undefined);
  }
  if (status !== 200)
    return unavailable({ endpoint, status, reason: `HTTP ${status}` }, answer.retryAfterSeconds);
  const rows = jsonOf(answer);
  if (!Array.isArray(rows)) return unavailable({ endpoint, reason: 'no JSON array' });
  return isAnswer(rows) ? rows : unavailable({ endpoint, reason: 'rows that were not asked for' });
}

const Refusal = v.object({ title: v.string(), cause: v.optional(v.string(), '') });
/** IGDB's own gateway, of an endpoint that is no more: `no Route matched with those values`. */
const NoRoute = v.pipe(
  v.object({ message: v.string() }),
  v.transform(({ message }) => ({ title: message, cause: '' })),
);

/** What IGDB says of a query it does not take: an array for 400, an object for 403 and 404. */
function refusalTitle(answer: HttpAnswer): string | undefined {
  const json = jsonOf(answer);
  const schema = answer.status === 404 ? v.union([Refusal, NoRoute]) : Refusal;
  const refusal = v.safeParse(schema, Array.isArray(json) ? json[0] : json);
  if (!refusal.success) return undefined;
  const { title, cause } = refusal.output;
  return cleanLine(cause === '' ? title : `${title}: ${cause}`, 200) ?? undefined;
}
