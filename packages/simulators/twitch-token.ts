import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { delayAnswers, type NodeEnv } from './traffic.ts';

export type TokenSettings = {
  clientId: string;
  clientSecret: string;
  lifetimeSeconds: number;
  latencyMs: number;
};

const liveTokensLimit = 25;

/** The tokens that Twitch issued to one application; it remembers the newest 25. */
export type Tokens = { issue(): string; isLive(token: string): boolean; revokeAll(): void };

export function createTokens(lifetimeSeconds: number): Tokens {
  const expiries = new Map<string, number>();
  return {
    issue() {
      const token = randomBytes(15).toString('hex');
      expiries.set(token, Date.now() + lifetimeSeconds * 1000);
      for (const oldest of [...expiries.keys()].slice(0, -liveTokensLimit)) expiries.delete(oldest);
      return token;
    },
    isLive: (token) => (expiries.get(token) ?? 0) > Date.now(),
    revokeAll: () => expiries.clear(),
  };
}

/** `POST /oauth2/token` of id.twitch.tv, for the client-credentials grant. */
export function createTwitchApi(settings: TokenSettings, tokens: Tokens): Hono<NodeEnv> {
  const api = new Hono<NodeEnv>();
  api.use(delayAnswers(settings.latencyMs));
  api.post('/oauth2/token', async (c) => {
    const form = new URLSearchParams(await c.req.text());
    const refuse = (status: 400 | 403, message: string) => c.json({ status, message }, status);
    if (!form.get('client_id')) return refuse(400, 'missing client id');
    if (!form.get('client_secret')) return refuse(400, 'missing client secret');
    if (form.get('grant_type') !== 'client_credentials') return refuse(400, 'invalid grant type');
    if (form.get('client_id') !== settings.clientId) return refuse(400, 'invalid client');
    if (form.get('client_secret') !== settings.clientSecret) return refuse(403, 'invalid client secret');
    return c.json({
      access_token: tokens.issue(),
      expires_in: settings.lifetimeSeconds,
      token_type: 'bearer',
    });
  });
  return api;
}
