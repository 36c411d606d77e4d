import { setTimeout as sleep } from 'node:timers/promises';
import { exchange, type HttpAnswer, join, type NoAnswer } from '../http/exchange.ts';
import { answerLimits } from '../limits.ts';
import { keyRejected, rateLimited, unavailable } from './steam-errors.ts';

/** Gives Steam's Web API key; `refresh` fetches it anew after Steam refused it, because it may have been rotated. */
export type SteamApiKey = (options?: { refresh: boolean }) => Promise<string>;

export type SteamRequestOptions = { apiUrl: string; apiKey: SteamApiKey; timeoutSeconds: number };

/**
 * Asks a method of the Web API that needs the key. The answer may have any status but 429.
 * @throws SteamApiError STEAM_KEY_REJECTED, STEAM_RATE_LIMITED, STEAM_UNAVAILABLE (no answer at all)
 */
export type KeyedGet = (path: string, parameters: Readonly<Record<string, string>>) => Promise<HttpAnswer>;

const hiccups = [502, 503, 504];
const hiccupPauseMs = 400;
const costly = ['timeout', 'too large'];

export function createKeyedGet({ apiUrl, apiKey, timeoutSeconds }: SteamRequestOptions): KeyedGet {
  return async (path, parameters) => {
    const send = (key: string) =>
      exchange({
        method: 'get',
        url: join(apiUrl, path),
        searchParams: { ...parameters, format: 'json', key },
        timeoutSeconds,
        maxBytes: answerLimits.steam,
      });
    const key = await apiKey();
    let answer = await twice(() => send(key));
    if (speaksOfKey(answer)) {
      const fresh = await apiKey({ refresh: true });
      if (fresh !== key) answer = await send(fresh);
      if (speaksOfKey(answer)) throw keyRejected(answer.status);
    }
    if (answer.status === null) throw unavailable({ path, reason: answer.reason });
    if (answer.status === 429) throw rateLimited(answer.retryAfterSeconds);
    return answer;
  };
}

/** A gateway's hiccup is gone a moment later, long before the queue would try again; other failures have cost enough. */
async function twice(send: () => Promise<HttpAnswer | NoAnswer>): Promise<HttpAnswer | NoAnswer> {
  const first = await send();
  const again =
    first.status === null
      ? !costly.includes(first.reason)
      : hiccups.includes(first.status) && first.retryAfterSeconds === undefined;
  if (!again) return first;
  await sleep(hiccupPauseMs * (0.5 + Math.random()));
  return send();
}

/** A 401 or 403 can also come from a gateway; it is the key's fault only when the page says so. */
const speaksOfKey = (answer: HttpAnswer | NoAnswer): boolean =>
  answer.status !== null && [400, 401, 403].includes(answer.status) && /\bkey\b/i.test(answer.text);
