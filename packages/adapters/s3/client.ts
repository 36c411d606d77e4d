import { S3Client } from '@aws-sdk/client-s3';
import { type AwsLimits, awsClientOptions, awsLimits } from '../aws-client.ts';
import type { AwsEndpoint } from '../aws-endpoint.ts';

/** Other endpoints (fauxqs, moto, LocalStack) rarely resolve bucket host names, so they get the bucket in the path. */
export const createS3Client = (endpoint: AwsEndpoint, limits: AwsLimits = awsLimits.s3): S3Client =>
  new S3Client({
    ...awsClientOptions(endpoint, limits),
    ...(endpoint.endpointUrl ? { forcePathStyle: true } : {}),
  });
