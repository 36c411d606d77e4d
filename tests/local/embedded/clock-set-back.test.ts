import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { withTestAws } from '../../support/aws.ts';

const realNow = Date.now;
afterEach(() => {
  Date.now = realNow;
});

test('a clock that is set back by an hour makes no message wait for an hour', async () => {
  await withTestAws(async ({ sqs }) => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'queue' }));
    for (const MessageBody of ['soon', 'late'])
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    const receive = async (WaitTimeSeconds: number) => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          WaitTimeSeconds,
          VisibilityTimeout: 3,
          MaxNumberOfMessages: 10,
        }),
      );
      return Messages;
    };
    const late = (await receive(0)).find(({ Body }) => Body === 'late');
    await sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl,
        ReceiptHandle: late!.ReceiptHandle,
        VisibilityTimeout: 600,
      }),
    );
    Date.now = () => realNow() - 3_600_000;
    // One of them comes again when it would have come; the other stays hidden as it should.
    expect((await receive(10)).map(({ Body }) => Body)).toEqual(['soon']);
  });
}, 30_000);
