import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DeleteMessageCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { type StageName, stageNames, stages } from '@savepoint/core/topology.ts';
import { createContext, createSqsEvent, successfulMessageIds } from '@savepoint/local/lambda-invocation.ts';
import { bundling } from '../../../stacks/bundling.ts';
import { bundleHandler } from '../../../tools/graph/bundle-handler.ts';
import { operationOf, stageOfQueue } from '../faults/links.ts';
import { answering } from './faulty-link.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';
import type { World } from './world.ts';

/** The stages as Lambda runs them: the bundles that are deployed, each in a process of its own, behind its queue. */
export type Lambda = {
  /** The sandbox that is at work for a stage. */
  atWork(stage: StageName): Sandbox | undefined;
  /** Waits no longer for what a stage's sandbox does: to SQS its messages are nobody's. The sandbox lives on. */
  lose(stage: StageName): void;
  close(): Promise<void>;
};

export type LambdaOptions = {
  /** Whether nobody may be called for what was received. */
  isThrottled?(messages: readonly Message[]): boolean;
  /** Before a sandbox is called, and with how many calls before that one. */
  beforeCall?(sandbox: Sandbox, stage: StageName, calls: number): Promise<void> | void;
  /** Sees an answer; false loses it. */
  seeAnswer?(messages: readonly Message[], answer: unknown): boolean;
  /** Messages handed to one invocation. Default: as deployed. */
  batchSize?: number;
  /** In which a batch is filled. Default: 1000. */
  windowMs?: number;
};

/** In place of six function timeouts: what nobody finished comes again while the trial lasts. */
const visibilitySeconds = 6;

/** Takes the work away from the stack that runs beside it, until it is closed. */
export async function startLambda(world: World, options: LambdaOptions = {}): Promise<Lambda> {
  const directory = mkdtempSync(join(tmpdir(), 'savepoint-lambda-'));
  keepFromStack(world);
  const bundles = Object.fromEntries(
    await Promise.all(
      stageNames.map(async (name) => {
        const bundle = bundleHandler(`packages/functions/${name}.handler`, join(directory, name), bundling);
        return [name, (await bundle).directory] as const;
      }),
    ),
  ) as Record<StageName, string>;
  const started: Sandbox[] = [];
  const atWork = new Map<StageName, { sandbox: Sandbox; lose(): void }>();
  const start = (stage: StageName) => {
    const clock = join(directory, `clock-${started.length}`);
    const sandbox = startSandbox(bundles[stage], environmentOf(world), clock);
    started.push(sandbox);
    return sandbox;
  };
  let isClosing = false;

  const serve = async (name: StageName) => {
    let sandbox: Sandbox | undefined;
    let calls = 0;
    while (!isClosing) {
      const messages = await receiveBatch(world, name, options);
      if (messages.length === 0 || isClosing || options.isThrottled?.(messages)) continue;
      if (!sandbox?.isRunning()) {
        sandbox = start(name);
        calls = 0;
      }
      await options.beforeCall?.(sandbox, name, calls);
      calls += 1;
      const lost = Promise.withResolvers<never>();
      atWork.set(name, { sandbox, lose: () => lost.reject(new Error('lost')) });
      const queueArn = `arn:aws:sqs:us-east-1:000000000000:${name}`;
      try {
        const answer = await Promise.race([
          lost.promise,
          sandbox.invoke(createSqsEvent(messages, queueArn), createContext(stages[name], name, queueArn)),
        ]);
        if (options.seeAnswer?.(messages, answer) !== false) await acknowledge(world, name, messages, answer);
      } catch {
        // Its messages come again when SQS hides them no longer; the next call gets another sandbox.
        sandbox = undefined;
      } finally {
        atWork.delete(name);
      }
    }
  };
  const serving = stageNames.map(serve);
  return {
    atWork: (stage) => atWork.get(stage)?.sandbox,
    lose: (stage) => atWork.get(stage)?.lose(),
    async close() {
      isClosing = true;
      await Promise.all(started.map((sandbox) => sandbox.kill()));
      await Promise.all(serving);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Polls that are open already still get what they get. */
const keepFromStack = (world: World): void =>
  world.aws.add(
    (request) =>
      operationOf(request) === 'ReceiveMessage' && stageOfQueue(request)
        ? async () => {
            await delay(300);
            return answering(200, '{}', 'application/x-amz-json-1.0');
          }
        : null,
    () => undefined,
  );

/** What Lambda would give them, and nothing of this machine's. */
const environmentOf = ({ variables }: World): Record<string, string> => {
  const { PORT: _port, DATA_DIR: _dataDir, ...others } = variables;
  return {
    ...others,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    LOG_LEVEL: 'SILENT',
  };
};

async function receiveBatch(
  { sqs, queueUrl }: World,
  stage: StageName,
  { batchSize: size = stages[stage].batchSize, windowMs = 1000 }: LambdaOptions,
): Promise<Message[]> {
  const batch: Message[] = [];
  const until = Date.now() + windowMs;
  do {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl(stage),
        MaxNumberOfMessages: Math.min(10, size - batch.length),
        WaitTimeSeconds: 1,
        VisibilityTimeout: visibilitySeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    batch.push(...Messages);
  } while (batch.length < size && Date.now() < until);
  return batch;
}

async function acknowledge(
  { sqs, queueUrl }: World,
  stage: StageName,
  messages: readonly Message[],
  answer: unknown,
): Promise<void> {
  const done = successfulMessageIds(messages, answer);
  for (const { MessageId, ReceiptHandle } of messages)
    if (done.has(MessageId!))
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl(stage), ReceiptHandle }));
}
