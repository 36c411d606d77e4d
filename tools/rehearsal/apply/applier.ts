import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';

export type Inputs = Record<string, unknown>;

/** What AWS answered: the graph was evaluated with other ids, which later resources mention. */
export type Created = { id?: string | undefined; arn?: string | undefined; url?: string | undefined };

/** Creates one resource from its Pulumi inputs. @throws the error of the AWS SDK */
export type Applier = (inputs: Inputs, clients: Clients, code: Code) => Promise<Created | undefined>;
/** The zipped bundle of a function. @param key of the S3 object that SST would upload */
export type Code = (key: string) => Promise<Uint8Array>;

export type Clients = ReturnType<typeof connect>;

/** @param endpoint of any implementation of AWS; it is to take any credentials. */
export function connect(endpoint: string, region: string) {
  const options = {
    endpoint,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 3000, requestTimeout: 30_000 },
  };
  return {
    region,
    apiGateway: new ApiGatewayV2Client(options),
    cloudWatch: new CloudWatchClient(options),
    logs: new CloudWatchLogsClient(options),
    iam: new IAMClient(options),
    lambda: new LambdaClient(options),
    s3: new S3Client({ ...options, forcePathStyle: true }),
    scheduler: new SchedulerClient(options),
    secrets: new SecretsManagerClient(options),
    sns: new SNSClient(options),
    sqs: new SQSClient(options),
  };
}
