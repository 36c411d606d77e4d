import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import {
  exchange,
  type HttpRequest,
  join,
  jsonOf,
  parseRetryAfter,
} from '@savepoint/adapters/http/exchange.ts';
import { closedPort, sendHtml, withServer } from './test-server.ts';

const get = (url: string, options: Partial<HttpRequest> = {}) =>
  exchange({ method: 'get', url, timeoutSeconds: 5, maxBytes: 10_000, ...options });

test('any status is an answer, its body read as text', async () => {
  await withServer(
    (_, response) => sendHtml(response, 503, 'busy'),
    async ({ url }) => {
      const answer = await get(url);
      expect(answer).toMatchObject({ status: 503, text: expect.stringContaining('busy') });
    },
  );
});

test('a refused connection, a timeout and a stop are told apart without a throw', async () => {
  expect(await get(await closedPort())).toEqual({ status: null, reason: 'ECONNREFUSED' });
  await withServer(
    () => {},
    async ({ url }) => {
      expect(await get(url, { timeoutSeconds: 0.05 })).toEqual({ status: null, reason: 'timeout' });
      const stopped = get(url, { signal: AbortSignal.timeout(50) });
      expect(await stopped).toEqual({ status: null, reason: 'stopped' });
    },
  );
});

test('a body that never ends is a timeout too', async () => {
  await withServer(
    (_, response) => void response.writeHead(200).write('{"response":'),
    async ({ url }) => {
      expect(await get(url, { timeoutSeconds: 0.1 })).toEqual({ status: null, reason: 'timeout' });
    },
  );
});

test('a connection cut in the middle is no answer', async () => {
  await withServer(
    (_, response) => {
      response.writeHead(200, { 'Content-Length': 100 }).write('{');
      setTimeout(() => response.destroy(), 20);
    },
    async ({ url }) => {
      expect(await get(url)).toMatchObject({ status: null });
    },
  );
});

test('a timeout need not be a whole number of milliseconds', async () => {
  await withServer(
    (_, response) => sendHtml(response, 200),
    async ({ url }) => {
      expect(await get(url, { timeoutSeconds: 9.8765432 })).toMatchObject({ status: 200 });
    },
  );
});

test('an address that is none is no answer', async () => {
  expect(await get('not an address')).toMatchObject({ status: null });
});

test('a redirect is not followed, so that credentials stay with their host', async () => {
  await withServer(
    ({ url }, response) =>
      void response.writeHead(url.pathname === '/there' ? 200 : 307, { Location: '/there' }).end(),
    async ({ url, received }) => {
      expect(await get(`${url}/here`)).toMatchObject({ status: 307 });
      expect(received).toHaveLength(1);
    },
  );
});

test('Retry-After is read as seconds or as a date', () => {
  const now = Date.parse('2026-11-23T10:00:00Z');
  expect(parseRetryAfter('7', now)).toBe(7);
  expect(parseRetryAfter('Mon, 23 Nov 2026 10:01:00 GMT', now)).toBe(60);
  expect(parseRetryAfter('Mon, 23 Nov 2026 09:00:00 GMT', now)).toBe(0);
  expect(parseRetryAfter('soon', now)).toBeUndefined();
  expect(parseRetryAfter(null, now)).toBeUndefined();
});

test('HTML is no JSON', () => {
  const answer = { status: 200, retryAfterSeconds: undefined };
  expect(jsonOf({ ...answer, text: '<html>' })).toBeUndefined();
  expect(jsonOf({ ...answer, text: '{"a":1}' })).toEqual({ a: 1 });
});

test('a base address may end with a slash', () => {
  expect(join('https://api.example.com/v4/', 'games')).toBe('https://api.example.com/v4/games');
  expect(join('https://api.example.com/v4', 'games')).toBe('https://api.example.com/v4/games');
});

test('a packed answer is unpacked, and its limit is that of the unpacked one', async () => {
  const text = JSON.stringify('x'.repeat(5000));
  await withServer(
    (_, response) => void response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(text)),
    async ({ url }) => {
      expect(await get(url, { maxBytes: text.length })).toMatchObject({ status: 200, text });
      expect(await get(url, { maxBytes: text.length - 1 })).toEqual({ status: null, reason: 'too large' });
    },
  );
});

test('a request counts as sent once its connection stands, before it is answered', async () => {
  let sentBeforeAnswer = false;
  let isSent = false;
  await withServer(
    async (_, response) => {
      await delay(50);
      sentBeforeAnswer = isSent;
      sendHtml(response, 200);
    },
    async ({ url }) => {
      const onSent = () => {
        isSent = true;
      };
      expect(await get(await closedPort(), { onSent })).toMatchObject({ status: null });
      expect(isSent).toBe(false);
      await get(url, { onSent });
      expect(sentBeforeAnswer).toBe(true);
    },
  );
});
