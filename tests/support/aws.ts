import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { startEmbeddedAws } from '@savepoint/local/embedded/aws.ts';

export type TestAws = { endpoint: string; s3: S3Client; sqs: SQSClient; close(): Promise<void> };

/** S3 and SQS of a test's own, in memory on a free port (or in `dataDir`), with clients for them. */
export async function startTestAws(options: { dataDir?: string } = {}): Promise<TestAws> {
  const aws = await startEmbeddedAws(options);
  const clients = connectAws(aws.endpoint);
  return {
    endpoint: aws.endpoint,
    ...clients,
    close: async () => {
      clients.s3.destroy();
      clients.sqs.destroy();
      await aws.close();
    },
  };
}

/** Runs `use` with S3 and SQS of its own, which are closed afterwards whatever happened. */
export async function withTestAws<T>(
  use: (aws: TestAws) => Promise<T>,
  options: { dataDir?: string } = {},
): Promise<T> {
  const aws = await startTestAws(options);
  try {
    return await use(aws);
  } finally {
    await aws.close();
  }
}

/** Clients for any endpoint that speaks S3 and SQS and takes any credentials. */
export function connectAws(endpoint: string, region = 'us-east-1'): { s3: S3Client; sqs: SQSClient } {
  const configuration = { endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
  return { s3: new S3Client({ ...configuration, forcePathStyle: true }), sqs: new SQSClient(configuration) };
}
