import { SQSClient } from '@aws-sdk/client-sqs';
import { type AwsLimits, awsClientOptions, awsLimits } from '../aws-client.ts';
import type { AwsEndpoint } from '../aws-endpoint.ts';

export const createSqsClient = (endpoint: AwsEndpoint, limits: AwsLimits = awsLimits.sqs): SQSClient =>
  new SQSClient(awsClientOptions(endpoint, limits));
