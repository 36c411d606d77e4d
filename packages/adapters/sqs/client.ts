import { SQSClient } from '@aws-sdk/client-sqs';
import type { AwsEndpoint } from '../aws-endpoint.ts';

export const createSqsClient = ({ region, endpointUrl, credentials }: AwsEndpoint): SQSClient =>
  new SQSClient({
    region,
    ...(credentials && { credentials }),
    ...(endpointUrl ? { endpoint: endpointUrl } : {}),
  });
