import { SQSClient } from '@aws-sdk/client-sqs';
import type { AwsEndpoint } from '../aws-endpoint.ts';

export const createSqsClient = ({ region, endpointUrl }: AwsEndpoint): SQSClient =>
  new SQSClient({ region, ...(endpointUrl ? { endpoint: endpointUrl } : {}) });
