import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSearchFunction } from '@savepoint/adapters/lambda/search-function.ts';

beforeAll(() => {
  process.env.AWS_ACCESS_KEY_ID ??= 'test';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'test';
});

/** Lambda's own HTTP, as far as an invocation goes. */
async function searchedAt(answer: RequestListener) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpointUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { searchGames } = createSearchFunction('savepoint-test-igdb-search', {
    region: 'eu-central-1',
    endpointUrl,
  });
  try {
    return await searchGames('portal').catch((error) => error);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

test('the function is called by its name with the words, and its games are given', async () => {
  const games = [{ igdb_id: 72, name: 'Portal 2', year: 2011, platforms: ['Linux'], cover_url: null }];
  const seen: string[] = [];
  const found = await searchedAt(async (request, response) => {
    seen.push(String(request.url), String(Buffer.concat(await request.toArray())));
    response.end(JSON.stringify({ games }));
  });
  expect(found).toEqual(games);
  expect(seen).toEqual(['/2015-03-31/functions/savepoint-test-igdb-search/invocations', '{"q":"portal"}']);
});

test('while it runs for somebody else, one is told to come again in two seconds', async () => {
  const error = await searchedAt((_request, response) => {
    response
      .writeHead(429, { 'x-amzn-errortype': 'TooManyRequestsException' })
      .end('{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","message":"Rate Exceeded."}');
  });
  expect(error).toMatchObject({ code: 'FUNCTION_BUSY', retryable: true, retryAfterSeconds: 2 });
});

test.each([
  [
    { error: { code: 'IGDB_BUSY', message: 'Later.', retryable: true, retry_after_seconds: 1 } },
    { code: 'IGDB_BUSY', message: 'Later.', retryable: true, retryAfterSeconds: 1 },
  ],
  [{ games: [{ name: 'without an id' }] }, { code: 'FUNCTION_UNAVAILABLE', retryable: true }],
])('what it says of a failure is what the caller hears', async (answer, expected) => {
  expect(await searchedAt((_request, response) => response.end(JSON.stringify(answer)))).toMatchObject(
    expected,
  );
});
