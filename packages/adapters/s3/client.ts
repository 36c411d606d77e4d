import { S3Client } from '@aws-sdk/client-s3';
import type { AwsEndpoint } from '../aws-endpoint.ts';

/** Other endpoints (fauxqs, moto, LocalStack) rarely resolve bucket host names, so they get the bucket in the path. */
export const createS3Client = ({ region, endpointUrl, credentials }: AwsEndpoint): S3Client =>
  new S3Client({
    region,
    ...(credentials && { credentials }),
    ...(endpointUrl ? { endpoint: endpointUrl, forcePathStyle: true } : {}),
  });
