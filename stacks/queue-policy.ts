type Statement = aws.types.input.iam.GetPolicyDocumentStatementArgs;

/**
 * Nobody may use the queue without TLS.
 * @param sender the bucket whose events may enter: that one, owned by this account, and no other.
 */
export function protectQueue(
  name: string,
  queue: sst.aws.Queue,
  sender?: sst.aws.Bucket,
): aws.sqs.QueuePolicy {
  const statements = [requireTls(queue), ...(sender ? [acceptEvents(queue, sender)] : [])];
  return new aws.sqs.QueuePolicy(name, {
    queueUrl: queue.url,
    policy: aws.iam.getPolicyDocumentOutput({ statements }).json,
  });
}

const requireTls = (queue: sst.aws.Queue): Statement => ({
  sid: 'TlsOnly',
  effect: 'Deny',
  principals: [{ type: '*', identifiers: ['*'] }],
  actions: ['sqs:*'],
  resources: [queue.arn],
  conditions: [{ test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] }],
});

/** The account is asked for as well: a deleted bucket's name may become somebody else's. */
const acceptEvents = (queue: sst.aws.Queue, bucket: sst.aws.Bucket): Statement => ({
  sid: 'EventsOfOwnBucket',
  effect: 'Allow',
  principals: [{ type: 'Service', identifiers: ['s3.amazonaws.com'] }],
  actions: ['sqs:SendMessage'],
  resources: [queue.arn],
  conditions: [
    { test: 'ArnEquals', variable: 'aws:SourceArn', values: [bucket.arn] },
    {
      test: 'StringEquals',
      variable: 'aws:SourceAccount',
      values: [aws.getCallerIdentityOutput().accountId],
    },
  ],
});
