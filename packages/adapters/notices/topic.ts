import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { CompletionNotice } from '@savepoint/core/completion-notice.ts';
import { PipelineError } from '@savepoint/core/errors.ts';
import { awsClientOptions, awsLimits } from '../aws-client.ts';
import type { AwsEndpoint } from '../aws-endpoint.ts';

/**
 * Publishes a notice on an SNS topic; the attributes `type` and `stage` let subscribers filter. The SDK tries `tries`
 * times, until `signal` aborts.
 * @throws PipelineError NOTICE_REFUSED
 */
export async function publishToTopic(
  topicArn: string,
  notice: CompletionNotice,
  endpoint: AwsEndpoint,
  { tries, timeoutSeconds, signal }: { tries: number; timeoutSeconds: number; signal?: AbortSignal },
): Promise<void> {
  const limits = { ...awsLimits.sns, tries, answerSeconds: timeoutSeconds, idleSeconds: timeoutSeconds };
  const sns = new SNSClient(awsClientOptions(endpoint, limits));
  const attribute = (value: string) => ({ DataType: 'String', StringValue: value });
  try {
    await sns.send(
      new PublishCommand({
        TopicArn: topicArn,
        Message: JSON.stringify(notice),
        MessageAttributes: { type: attribute(notice.type), stage: attribute(notice.stage) },
      }),
      signal && { abortSignal: signal },
    );
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'unknown';
    throw new PipelineError(
      'NOTICE_REFUSED',
      `The topic did not take the notice of an import's end (${reason}).`,
      {
        retryable: true,
        operatorHint: "Look at the topic's policy and at the permissions of the function.",
        details: { reason },
      },
    );
  } finally {
    sns.destroy();
  }
}
