import * as v from 'valibot';
import { exchange, jsonOf } from '../http/exchange.ts';
import { answerLimits } from '../limits.ts';
import type { Clock } from './clock.ts';
import { credentialsRejected, rateLimited, unavailable } from './igdb-errors.ts';
import { type Retries, retryDelayMs } from './retries.ts';

export type IgdbCredentials = { clientId: string; clientSecret: string };
/** `refresh` fetches them anew after Twitch refused them, because they may have been rotated. */
export type GetIgdbCredentials = (options?: { refresh: boolean }) => Promise<IgdbCredentials>;

export type TokenRequestOptions = {
  /** `https://id.twitch.tv/oauth2/token`, or a simulator's address. */
  tokenUrl: string;
  credentials: GetIgdbCredentials;
  timeoutSeconds: number;
  retries: Retries;
  clock: Clock;
  onTokenRequest(): void;
};

export type IssuedToken = { clientId: string; accessToken: string; lifetimeSeconds: number };

const TokenAnswer = v.object({
  access_token: v.pipe(v.string(), v.nonEmpty()),
  expires_in: v.pipe(v.number(), v.minValue(1)),
});
const refusals = [400, 401, 403];

/**
 * A new token from Twitch. Refused credentials are fetched anew once and tried again if they differ.
 * @throws IgdbApiError permanent IGDB_CREDENTIALS_REJECTED; retryable IGDB_UNAVAILABLE, IGDB_RATE_LIMITED
 */
export async function requestToken(options: TokenRequestOptions): Promise<IssuedToken> {
  const credentials = await options.credentials();
  const first = await askPatiently(credentials, options);
  if ('accessToken' in first) return first;
  const fresh = await options.credentials({ refresh: true });
  if (fresh.clientId === credentials.clientId && fresh.clientSecret === credentials.clientSecret)
    throw credentialsRejected(first.refused);
  const second = await askPatiently(fresh, options);
  if ('accessToken' in second) return second;
  throw credentialsRejected(second.refused);
}

async function askPatiently(
  credentials: IgdbCredentials,
  options: TokenRequestOptions,
): Promise<IssuedToken | { refused: number }> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await ask(credentials, options);
    if (!(outcome instanceof Error)) return outcome;
    if (attempt >= options.retries.attempts) throw outcome;
    await options.clock.sleep(retryDelayMs(options.retries, attempt));
  }
}

async function ask({ clientId, clientSecret }: IgdbCredentials, options: TokenRequestOptions) {
  options.onTokenRequest();
  const answer = await exchange({
    method: 'post',
    url: options.tokenUrl,
    body: new URLSearchParams({
      client_id: clientId,
      client_secret: clientSecret,
      grant_type: 'client_credentials',
    }),
    timeoutSeconds: options.timeoutSeconds,
    maxBytes: answerLimits.twitchToken,
  });
  const endpoint = 'oauth2/token';
  if (answer.status === null) return unavailable({ endpoint, reason: answer.reason });
  if (refusals.includes(answer.status)) return { refused: answer.status };
  if (answer.status === 429) return rateLimited(endpoint, answer.retryAfterSeconds);
  if (answer.status !== 200) return unavailable({ endpoint, reason: `HTTP ${answer.status}` });
  const token = v.safeParse(TokenAnswer, jsonOf(answer));
  if (!token.success) return unavailable({ endpoint, reason: 'no token in the answer' });
  return { clientId, accessToken: token.output.access_token, lifetimeSeconds: token.output.expires_in };
}
