import { createIgdbClient } from '@savepoint/adapters/igdb/igdb-client.ts';
import { IgdbApiError } from '@savepoint/core/errors.ts';
import { closedPort, everythingOf, failureOf, sendJson, withServer } from '../http/test-server.ts';
import { createMemoryTokenStore, fast } from './igdb-under-test.ts';

/** Longer than a test takes. */
const day = new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString();
const tokenFor = (client_id: string) => ({ client_id, access_token: 'canary-token', expires_at: day });

test('requests carry the client id, the token, and the query as text', async () => {
  await withServer(
    (_, response) => sendJson(response, []),
    async ({ url, received }) => {
      const client = createIgdbClient({
        apiUrl: `${url}/v4/`,
        tokenUrl: await closedPort(),
        credentials: async () => ({ clientId: 'the-client', clientSecret: 'x' }),
        tokenStore: createMemoryTokenStore(tokenFor('the-client')),
        ...fast,
      });
      await client.findGamesById([1]);
      expect(received[0]).toMatchObject({ method: 'POST', url: { pathname: '/v4/games' } });
      expect(received[0]?.headers).toMatchObject({
        'client-id': 'the-client',
        authorization: 'Bearer canary-token',
        'content-type': expect.stringContaining('text/plain'),
      });
      expect(received[0]?.body).toMatch(/^fields .*where id = \(1\); sort id asc; limit 500; offset 0;$/);
    },
  );
});

test.each([400, 401, 403, 404, 429, 500, 302])(
  'an answer with %p that repeats what it was sent does not bring secrets into the error',
  async (status) => {
    await withServer(
      ({ headers, body }, response) => {
        const echo = `${headers.authorization} ${body}`;
        sendJson(response, [{ title: echo, cause: echo, message: echo }], status);
      },
      async ({ url }) => {
        for (const token of [tokenFor('the-client'), null]) {
          const client = createIgdbClient({
            apiUrl: url,
            tokenUrl: url,
            credentials: async () => ({ clientId: 'the-client', clientSecret: 'canary-secret' }),
            tokenStore: createMemoryTokenStore(token),
            ...fast,
          });
          const error = await failureOf(client.findGamesById([1]));
          expect(error).toBeInstanceOf(IgdbApiError);
          expect(everythingOf(error)).not.toMatch(/canary-(secret|token)/);
          expect(everythingOf(error)).not.toContain(url);
        }
      },
    );
  },
);
