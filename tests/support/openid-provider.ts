import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An issuer as the OpenID Connect specification has it, for one public client: with PKCE, and each code once. */
export type OpenIdProvider = {
  issuer: string;
  /** What each request for a token came with. */
  exchanges: URLSearchParams[];
  /** What the next answers say in place of the truth. */
  lies: { nonce?: string; issuer?: string };
  close(): Promise<void>;
};

type Code = { challenge: string; redirectUri: string; nonce: string; clientId: string };

/** @param accessToken what whoever signs in gets. */
export async function startOpenIdProvider(clientId: string, accessToken: string): Promise<OpenIdProvider> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const codes = new Map<string, Code>();
  const provider: OpenIdProvider = { issuer: '', exchanges: [], lies: {}, close: async () => undefined };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const idTokenFor = ({ nonce }: Code) => {
    const now = Math.floor(Date.now() / 1000);
    const claims = { iss: provider.issuer, sub: 'somebody', aud: clientId, iat: now, exp: now + 300 };
    const text = `${part({ alg: 'RS256' })}.${part({ ...claims, nonce: provider.lies.nonce ?? nonce })}`;
    return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
  };
  const exchange = (form: URLSearchParams): { status: number; body: object } => {
    provider.exchanges.push(form);
    const code = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const proof = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isGood =
      code?.challenge === proof &&
      code.redirectUri === form.get('redirect_uri') &&
      code.clientId === form.get('client_id') &&
      form.get('grant_type') === 'authorization_code';
    return isGood
      ? {
          status: 200,
          body: {
            access_token: accessToken,
            token_type: 'Bearer',
            expires_in: 300,
            id_token: idTokenFor(code),
          },
        }
      : { status: 400, body: { error: 'invalid_grant', error_description: 'The code is of no use.' } };
  };
  const server = createServer(async (request, answer) => {
    const url = new URL(request.url ?? '/', provider.issuer);
    const json = (status: number, body: object) =>
      answer
        .writeHead(status, { 'content-type': 'application/json', 'access-control-allow-origin': '*' })
        .end(JSON.stringify(body));
    if (url.pathname === '/.well-known/openid-configuration')
      return json(200, {
        issuer: provider.lies.issuer ?? provider.issuer,
        authorization_endpoint: `${provider.issuer}/authorize`,
        token_endpoint: `${provider.issuer}/token`,
      });
    if (url.pathname === '/authorize') {
      const asked = url.searchParams;
      const back = new URL(asked.get('redirect_uri') ?? '');
      const code = randomUUID();
      codes.set(code, {
        challenge: asked.get('code_challenge_method') === 'S256' ? (asked.get('code_challenge') ?? '') : '',
        redirectUri: back.href,
        nonce: asked.get('nonce') ?? '',
        clientId: asked.get('client_id') ?? '',
      });
      const link = (name: string, query: Record<string, string>) =>
        `<a href="${back.href}?${new URLSearchParams({ ...query, state: asked.get('state') ?? '' })}">${name}</a>`;
      return answer
        .writeHead(200, { 'content-type': 'text/html' })
        .end(
          `<title>Issuer</title>${link('I am somebody', { code })} ${link('I am nobody', { error: 'access_denied', error_description: 'Nobody was let in.' })}`,
        );
    }
    if (url.pathname === '/token' && request.method === 'POST') {
      let text = '';
      for await (const chunk of request) text += chunk;
      const { status, body } = exchange(new URLSearchParams(text));
      return json(status, body);
    }
    return json(404, {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  provider.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  provider.close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return provider;
}
