import { importIdOf } from '../../support/ids.ts';
import { publishToTopic } from '@savepoint/adapters/notices/topic.ts';
import { failedNotice } from '@savepoint/core/completion-notice.ts';
import { ValidationError } from '@savepoint/core/errors.ts';
import { withServer } from '../http/test-server.ts';

const notice = failedNotice(
  importIdOf('76561197960287930-20261123T043000123Z'),
  'igdb-enrichment',
  new ValidationError('CSV_NOT_UTF8', 'Save it again.'),
  new Date('2026-11-23T05:00:00Z'),
);
const topicArn = 'arn:aws:sns:us-east-1:123456789012:imports-done';
const limits = { tries: 2, timeoutSeconds: 5 };

beforeAll(() => {
  process.env.AWS_ACCESS_KEY_ID ??= 'test';
  process.env.AWS_SECRET_ACCESS_KEY ??= 'test';
});

const accepted = '<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>';

test('publishes the notice with attributes to filter by', async () => {
  await withServer(
    (_request, response) => void response.writeHead(200, { 'content-type': 'text/xml' }).end(accepted),
    async ({ url, received }) => {
      await publishToTopic(topicArn, notice, { region: 'us-east-1', endpointUrl: url }, limits);
      const call = new URLSearchParams(received[0]!.body);
      expect(call.get('Action')).toBe('Publish');
      expect(call.get('TopicArn')).toBe(topicArn);
      expect(JSON.parse(call.get('Message')!)).toMatchObject({
        type: 'import.failed',
        stage: 'igdb-enrichment',
        result: null,
        error: { code: 'CSV_NOT_UTF8', message: 'Save it again.', retryable: false },
      });
      expect([...call.values()]).toContain('import.failed');
    },
  );
});

test('a topic that does not take it is tried again, then told of', async () => {
  await withServer(
    (_request, response) => void response.writeHead(500).end(),
    async ({ url, received }) => {
      const publishing = publishToTopic(topicArn, notice, { region: 'us-east-1', endpointUrl: url }, limits);
      await expect(publishing).rejects.toMatchObject({ code: 'NOTICE_REFUSED' });
      expect(received).toHaveLength(2);
    },
  );
});
