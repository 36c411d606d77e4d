import { toPipelineError } from '@savepoint/core/errors.ts';
import { requestToken, type TokenRequestOptions } from './token-request.ts';
import type { StoredToken, TokenStore } from './token-store.ts';

export type AccessToken = { clientId: string; accessToken: string };

export type TokenSource = {
  /** A token that should be good: held in memory, else shared by other instances, else a new one. */
  current(): Promise<AccessToken>;
  /** Another one than `refused`, which IGDB answered with 401. */
  replace(refused: AccessToken): Promise<AccessToken>;
};

export type TokenSourceOptions = TokenRequestOptions & { tokenStore: TokenStore };

type HeldToken = AccessToken & { expiresAtMs: number; refreshAtMs: number };

const dayMs = 24 * 60 * 60 * 1000;
/** When a token is due but Twitch fails, the old one serves some more, and then it is tried again. */
const refreshAgainMs = 5 * 60 * 1000;

/** Calls that come together share one look and one request. Throws what `requestToken` and the store throw. */
export function createTokenSource(options: TokenSourceOptions): TokenSource {
  let held: HeldToken | undefined;
  let refusedToken: string | undefined;
  let obtaining: Promise<HeldToken> | undefined;

  const isAlive = (token: HeldToken | undefined): token is HeldToken =>
    token !== undefined && token.accessToken !== refusedToken && token.expiresAtMs > Date.now();
  const isGood = (token: HeldToken | undefined): token is HeldToken =>
    isAlive(token) && token.refreshAtMs > Date.now();

  const obtain = async (): Promise<HeldToken> => {
    const { clientId } = await options.credentials();
    const stored = toHeld(await options.tokenStore.read(), clientId);
    if (isGood(stored)) return stored;
    let issued: HeldToken;
    try {
      issued = await issue(options);
    } catch (error) {
      const old = [stored, held].find(isAlive);
      if (!old || !toPipelineError(error).retryable) throw error;
      return { ...old, refreshAtMs: Date.now() + refreshAgainMs };
    }
    // Held before it is stored: should the store fail, the next call need not ask Twitch again.
    held = issued;
    await options.tokenStore.write(toStored(issued));
    return issued;
  };
  const obtainOnce = (): Promise<HeldToken> => {
    obtaining ??= obtain().finally(() => {
      obtaining = undefined;
    });
    return obtaining;
  };
  const current = async () => {
    if (!isGood(held)) held = await obtainOnce();
    return held;
  };
  return {
    current,
    replace(refused) {
      // Meanwhile another call may have brought a new one.
      if (held === undefined || held.accessToken === refused.accessToken) refusedToken = refused.accessToken;
      return current();
    },
  };
}

async function issue(options: TokenRequestOptions): Promise<HeldToken> {
  const { clientId, accessToken, lifetimeSeconds } = await requestToken(options);
  const expiresAtMs = Date.now() + lifetimeSeconds * 1000;
  const marginMs = Math.min(dayMs, lifetimeSeconds * 100);
  return { clientId, accessToken, expiresAtMs, refreshAtMs: expiresAtMs - marginMs };
}

/** Undefined for a token of other credentials. */
function toHeld(stored: StoredToken | null, clientId: string): HeldToken | undefined {
  if (stored?.client_id !== clientId) return undefined;
  const expiresAtMs = Date.parse(stored.expires_at);
  return { clientId, accessToken: stored.access_token, expiresAtMs, refreshAtMs: expiresAtMs - dayMs };
}

const toStored = ({ clientId, accessToken, expiresAtMs }: HeldToken): StoredToken => ({
  client_id: clientId,
  access_token: accessToken,
  expires_at: new Date(expiresAtMs).toISOString(),
});
