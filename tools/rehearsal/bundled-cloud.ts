import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { S3Client } from '@aws-sdk/client-s3';
import { deadLetterQueueName, queueName, type StageName, type Worker } from '@savepoint/core/topology.ts';
import { createSqsEvent } from '@savepoint/local/lambda-invocation.ts';
import type { Simulators } from '@savepoint/simulators/start-simulators.ts';
import { account } from '../graph/aws-mocks.ts';
import { bundleHandler, type HandlerBundle } from '../graph/bundle-handler.ts';
import type { Graph } from '../graph/evaluate.ts';
import { allows, type Grant, grantsOf, singleGrants } from '../graph/roles.ts';
import { isGranted } from './aws-call.ts';
import { type CloudEndpoint, startCloudEndpoint } from './cloud-endpoint.ts';
import { type HttpAnswer, httpEvent } from './http-event.ts';
import { invokeBundle } from './invoke-bundle.ts';

/** What a rehearsal runs on; the database is asked by the caller. */
export type Surroundings = {
  graph: Graph;
  /** Where bundles are put. */
  directory: string;
  aws: { endpoint: string; s3: S3Client; sqs: SQSClient; region: string };
  simulators: Simulators;
  /** Values by the secrets' ids; null where the endpoint has Secrets Manager itself. */
  secrets: Record<string, string> | null;
};

/**
 * What would be deployed, at work: each function's bundle in a bare Node process, with the environment that the
 * deployment gives it, against some implementation of AWS, and held to what its role allows.
 */
export type BundledCloud = {
  deployment: string;
  bucket: string;
  s3: S3Client;
  sqs: SQSClient;
  simulators: Simulators;
  invoke(name: string, event: unknown): Promise<unknown>;
  /** Over the API's function, as API Gateway calls it. */
  call(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  /** A page of the API, as text. */
  page(path: string): Promise<string>;
  /**
   * Does what Lambda does with the one message that waits in a stage's queue: calls the function, and deletes the message
   * unless the function says that it failed.
   */
  deliver(worker: Worker['name']): Promise<{ failed: boolean; log: string }>;
  /** Receives without deleting. */
  receive(queue: string, waitSeconds?: number): Promise<Message[]>;
  queueUrl(queue: string): Promise<string>;
  /** What was asked beyond a role. */
  endpoint: CloudEndpoint;
  /** What each function's role allowed it, as the deployment writes it. */
  grants: { functionName: string; grant: Grant; used: boolean }[];
  close(): Promise<void>;
};

export async function startBundledCloud(around: Surroundings): Promise<BundledCloud> {
  const { graph, aws, simulators } = around;
  const deployment = `savepoint-${graph.stage}`;
  const functions = graph.resources.filter(({ type }) => type === 'aws:lambda/function:Function');
  const grants = functions.flatMap(({ inputs }) =>
    singleGrants(grantsOf(graph, String(inputs.name))).map((grant) => ({
      functionName: String(inputs.name),
      grant,
      used: false,
    })),
  );
  /** The function whose bundle runs: one at a time. */
  let running = '';
  const endpoint = await startCloudEndpoint(aws.endpoint, {
    secrets: around.secrets,
    mayCall: (call) => {
      for (const each of grants)
        if (each.functionName === running && allows(each.grant, call)) each.used = true;
      return isGranted(grantsOf(graph, running), call);
    },
    async invoke(functionName, payload) {
      const caller = running;
      const { answer } = await invokeWithLog(functionName.slice(deployment.length + 1), payload);
      running = caller;
      return answer;
    },
  });
  const bundled = new Map<string, Promise<HandlerBundle>>();

  async function invokeWithLog(name: string, event: unknown): Promise<{ answer: unknown; log: string }> {
    const build = graph.builds.find(({ handler }) => handler === `packages/functions/${name}.handler`);
    const deployed = functions.find(({ inputs }) => inputs.name === `${deployment}-${name}`);
    if (!build || !deployed) throw new Error(`The deployment has no function ${name}`);
    const bundle =
      bundled.get(name) ??
      bundleHandler(build.handler, join(around.directory, name), {
        ...build.properties,
        copyFiles: build.copyFiles,
      });
    bundled.set(name, bundle);
    running = `${deployment}-${name}`;
    const { variables } = deployed.inputs.environment as { variables: Record<string, string> };
    return invokeBundle(await bundle, event, {
      environment: {
        ...variables,
        AWS_LAMBDA_FUNCTION_NAME: running,
        AWS_REGION: aws.region,
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_SESSION_TOKEN: 'test',
        AWS_ENDPOINT_URL: endpoint.url,
        STEAM_API_URL: simulators.steamApiUrl,
        IGDB_API_URL: simulators.igdbApiUrl,
        IGDB_TOKEN_URL: simulators.igdbTokenUrl,
      },
      timeoutSeconds: Number(deployed.inputs.timeout),
    });
  }

  const queueUrl = async (queue: string) =>
    (await aws.sqs.send(new GetQueueUrlCommand({ QueueName: queue }))).QueueUrl ?? '';

  const receive = async (queue: string, waitSeconds = 0) => {
    const { Messages = [] } = await aws.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: await queueUrl(queue),
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    return Messages;
  };

  return {
    deployment,
    bucket: bucketOf(graph),
    s3: aws.s3,
    sqs: aws.sqs,
    simulators,
    queueUrl,
    receive,
    endpoint,
    grants,
    invoke: async (name, event) => (await invokeWithLog(name, event)).answer,
    async call(method, path, body) {
      const { answer } = await invokeWithLog('api', httpEvent(method, path, body));
      const { statusCode, body: text } = answer as HttpAnswer;
      return { status: statusCode, body: text ? JSON.parse(text) : null };
    },
    async page(path) {
      const { answer } = await invokeWithLog('api', httpEvent('GET', path));
      const { statusCode, body, isBase64Encoded } = answer as HttpAnswer;
      assert.equal(statusCode, 200, body);
      return isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;
    },
    async deliver(stage) {
      const name = queueName(deployment, stage);
      const messages = await receive(name, 5);
      assert.equal(messages.length, 1, `${messages.length} messages wait in ${name}`);
      const queueArn = `arn:aws:sqs:${account.region}:${account.accountId}:${name}`;
      const { answer, log } = await invokeWithLog(stage, createSqsEvent(messages, queueArn));
      const failed = (answer as { batchItemFailures: unknown[] }).batchItemFailures.length > 0;
      const message = { QueueUrl: await queueUrl(name), ReceiptHandle: messages[0]?.ReceiptHandle };
      if (failed)
        await aws.sqs.send(new ChangeMessageVisibilityCommand({ ...message, VisibilityTimeout: 0 }));
      else await aws.sqs.send(new DeleteMessageCommand(message));
      return { failed, log };
    },
    close: () => endpoint.close(),
  };
}

/** The name of the one bucket. */
export const bucketOf = ({ resources }: Pick<Graph, 'resources'>): string =>
  String(resources.find(({ type }) => type === 'aws:s3/bucket:Bucket')?.inputs.bucket);

/** Every message that waits anywhere, dead letters too. */
export async function waitingIn({ deployment, receive }: BundledCloud, stages: readonly StageName[]) {
  const queues = stages.flatMap((stage) => [
    queueName(deployment, stage),
    deadLetterQueueName(deployment, stage),
  ]);
  const messages = await Promise.all(queues.map((queue) => receive(queue)));
  return messages.flat().map(({ Body = '' }) => Body);
}
