import { importIdOf } from '../../support/ids.ts';
import { createHmac } from 'node:crypto';
import { sendToWebhook, sign } from '@savepoint/adapters/notices/webhook.ts';
import { completedNotice } from '@savepoint/core/completion-notice.ts';
import { withServer } from '../http/test-server.ts';

const notice = completedNotice(
  importIdOf('76561197960287930-20261123T043000123Z'),
  'database-import',
  { imported_count: 2 },
  new Date('2026-11-23T05:00:00Z'),
)!;
const limits = { tries: 3, timeoutSeconds: 5 };
const key = async () => 'CANARYkey';

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
        error: null,
      });
      const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
      const digest = createHmac('sha256', 'CANARYkey').update(signed).digest('base64');
      expect(headers['webhook-signature']).toBe(`v1,${digest}`);
      expect(Number(headers['webhook-timestamp'])).toBeGreaterThan(1_700_000_000);
    },
  );
});

test('a key in the form of Standard Webhooks is its bytes', () => {
  // The example of https://github.com/standard-webhooks/standard-webhooks: key, id, time and body.
  const standardKey = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const bytes = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');
  const text = 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}';
  expect(sign(standardKey, text)).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  expect(sign(standardKey, text)).not.toBe(sign(bytes.toString('base64'), text));
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
