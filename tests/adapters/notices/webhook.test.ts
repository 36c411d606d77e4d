import { importIdOf } from '../../support/ids.ts';
import { createHmac } from 'node:crypto';
import { sendToWebhook } from '@savepoint/adapters/notices/webhook.ts';
import { completedNotice } from '@savepoint/core/completion-notice.ts';
import { Webhook as Receiver } from 'standardwebhooks';
import { failureOf } from '../../support/failure.ts';
import { startMisbehavingServer } from '../../support/misbehaving-server.ts';
import { withServer } from '../http/test-server.ts';

const notice = completedNotice(
  importIdOf('76561197960287930-20261123T043000123Z'),
  'database-import',
  { imported_count: 2 },
  new Date('2026-11-23T05:00:00Z'),
)!;
const limits = { tries: 3, timeoutSeconds: 5 };
const keyText = Buffer.from('CANARY, a key for the tests').toString('base64');
const key = async () => keyText;

test('the receiver gets the notice as JSON, and can check by the signature that it is ours', async () => {
  await withServer(
    (_request, response) => void response.writeHead(204).end(),
    async ({ url, received }) => {
      await sendToWebhook({ url: `${url}/hook`, key }, notice, limits);
      const [{ method, body, headers }] = received as [(typeof received)[0]];
      expect(method).toBe('POST');
      expect(JSON.parse(body)).toEqual({
        type: 'import.completed',
        import_id: '76561197960287930-20261123T043000123Z',
        steam_id: '76561197960287930',
        stage: 'database-import',
        finished_at: '2026-11-23T05:00:00.000Z',
        result: { imported_count: 2 },
        changes: { new: 0, minutes_played: 0, gone: 0 },
        library_url: '/libraries/76561197960287930',
        error: null,
      });
      const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
      const digest = createHmac('sha256', 'CANARY, a key for the tests').update(signed).digest('base64');
      expect(headers['webhook-signature']).toBe(`v1,${digest}`);
      expect(Number(headers['webhook-timestamp'])).toBeGreaterThan(1_700_000_000);
    },
  );
});

test.each([
  ['without a prefix', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  ['with the prefix', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  ['with padding', 'gVrPMM2D5cMYxZ9dHMU8Oc8lpKqbN8jmCPtSU9dCLSc='],
])('the library of the standard verifies what a key %s signed', async (_name, text) => {
  await withServer(
    (_request, response) => void response.writeHead(204).end(),
    async ({ url, received }) => {
      await sendToWebhook({ url, key: async () => text }, notice, limits);
      const [{ body, headers }] = received as [(typeof received)[0]];
      const verify = (secret: string) => new Receiver(secret).verify(body, headers as Record<string, string>);
      expect(verify(text)).toEqual(notice);
      expect(verify(`whsec_${text.replace('whsec_', '')}`)).toEqual(notice);
      expect(() => verify('AAAA')).toThrow('No matching signature found');
    },
  );
});

test.each([
  ['is plain text', 'CANARY, no base64'],
  ['is one letter too long', 'CANARYkey'],
  ['lacks its padding', 'CANARYkeys'],
  ['is base64 for URLs', 'CANARY-_'],
  ['is a prefix alone', 'whsec_'],
])('a key that %s signs nothing, and is named without its value', async (_name, text) => {
  await withServer(
    (_request, response) => void response.writeHead(204).end(),
    async ({ url, received }) => {
      const error = await failureOf(() => sendToWebhook({ url, key: async () => text }, notice, limits));
      expect(error).toMatchObject({ code: 'NOTICE_KEY_INVALID', retryable: false });
      expect(error.operatorHint).toContain('openssl rand -base64 32');
      expect(JSON.stringify([error.message, error.details, error.operatorHint])).not.toContain('CANARY');
      expect(received).toEqual([]);
    },
  );
});

test('a key that was corrected in the meantime is used', async () => {
  await withServer(
    (_request, response) => void response.writeHead(204).end(),
    async ({ url, received }) => {
      const corrected = async (options?: { refresh: boolean }) => (options?.refresh ? keyText : 'not base64');
      await sendToWebhook({ url, key: corrected }, notice, limits);
      expect(received).toHaveLength(1);
    },
  );
});

test('a receiver that fails is asked again, with the same id', async () => {
  let calls = 0;
  await withServer(
    (_request, response) => {
      calls += 1;
      response.writeHead(calls < 3 ? 503 : 200).end();
    },
    async ({ url, received }) => {
      await sendToWebhook({ url, key }, notice, limits);
      expect(received).toHaveLength(3);
      expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    },
  );
});

test.each([
  ['refuses', 403, 1],
  ['fails each time', 500, 3],
])('a receiver that %s is given up, and named without its address', async (_name, status, calls) => {
  await withServer(
    (_request, response) => void response.writeHead(status).end('CANARY'),
    async ({ url, received }) => {
      const sending = sendToWebhook({ url: `${url}/hook?secret=CANARYquery`, key }, notice, limits);
      const error = await sending.then(
        () => null,
        (reason) => reason,
      );
      expect(error).toMatchObject({ code: 'NOTICE_REFUSED', details: { reason: `HTTP ${status}` } });
      expect(JSON.stringify([error.message, error.details, error.operatorHint])).not.toContain('CANARY');
      expect(received).toHaveLength(calls);
    },
  );
});

test.each([301, 302, 303, 307, 308])(
  'a receiver that leads elsewhere (%i) is given up, and nothing goes there',
  async (status) => {
    await withServer(
      (_request, response) => void response.writeHead(204).end(),
      async (elsewhere) =>
        withServer(
          (_request, response) =>
            void response.writeHead(status, { Location: `${elsewhere.url}/internal` }).end(),
          async ({ url, received }) => {
            const error = await failureOf(() => sendToWebhook({ url, key }, notice, limits));
            expect(error).toMatchObject({ code: 'NOTICE_REFUSED', details: { reason: `HTTP ${status}` } });
            expect(received).toHaveLength(1);
            expect(elsewhere.received).toEqual([]);
          },
        ),
    );
  },
);

test.each([
  ['an hour', '3600', 1],
  ['a moment', '0', 3],
])('a receiver that asks for %s is tried so often as there is time for', async (_name, seconds, calls) => {
  await withServer(
    (_request, response) => void response.writeHead(503, { 'Retry-After': seconds }).end(),
    async ({ url, received }) => {
      const sending = failureOf(() => sendToWebhook({ url, key }, notice, limits));
      expect(await sending).toMatchObject({ code: 'NOTICE_REFUSED', details: { reason: 'HTTP 503' } });
      expect(received).toHaveLength(calls);
    },
  );
});

test.each(['stall after headers', 'drip', 'endless', 'endless when unpacked', 'reset'] as const)(
  'a receiver whose body is no end of it (%s) has taken the notice by its status',
  async (how) => {
    const server = await startMisbehavingServer(how);
    await sendToWebhook({ url: server.url, key }, notice, limits);
    await server.left();
    expect(server.requests()).toBe(1);
    await server.close();
  },
);

test('nothing more is tried once it is stopped', async () => {
  const server = await startMisbehavingServer('stall before headers');
  const signal = AbortSignal.timeout(50);
  const sending = failureOf(() => sendToWebhook({ url: server.url, key }, notice, { ...limits, signal }));
  expect(await sending).toMatchObject({ code: 'NOTICE_REFUSED', details: { reason: 'stopped' } });
  expect(server.requests()).toBe(1);
  await server.close();
});
