import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { createS3Client } from '@savepoint/adapters/s3/client.ts';
import { startEmbeddedAws } from '@savepoint/local/embedded/aws.ts';

export type Storage = {
  s3: S3Client;
  bucket: string;
  /** The functions' environment for it. */
  variables: Record<string, string>;
  close(): Promise<void>;
};

const region = 'us-east-1';
const bucket = 'savepoint-bench';
const credentials = { AWS_ACCESS_KEY_ID: 'bench', AWS_SECRET_ACCESS_KEY: 'bench' };

/** S3 with an empty bucket, in this process and in memory. */
export async function startStorage(): Promise<Storage> {
  const aws = await startEmbeddedAws();
  Object.assign(process.env, credentials);
  const s3 = createS3Client({ region, endpointUrl: aws.endpoint });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  return {
    s3,
    bucket,
    variables: { ...credentials, AWS_REGION: region, AWS_ENDPOINT_URL: aws.endpoint, S3_BUCKET: bucket },
    close: async () => {
      s3.destroy();
      await aws.close();
    },
  };
}
