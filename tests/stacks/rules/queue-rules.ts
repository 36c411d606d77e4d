import {
  deadLetterQueueName,
  maxReceiveCount,
  queueName,
  type Stage,
  forgetting,
  stageNames,
  stages,
} from '@savepoint/core/topology.ts';
import type { Rule, StackView } from './stack-view.ts';
import { different, statementsOf } from './stack-view.ts';

const daySeconds = 86_400;
const eachStage = (check: (stage: Stage) => string[]) => stageNames.flatMap((name) => check(stages[name]));

const queueOf = (stack: StackView, stage: Stage) =>
  stack.inputs('queue', queueName(stack.deployment, stage.name));
const deadLettersOf = (stack: StackView, stage: Stage) =>
  stack.inputs('queue', deadLetterQueueName(stack.deployment, stage.name));
const functionOf = (stack: StackView, stage: Stage) =>
  stack.inputs('function', `${stack.deployment}-${stage.name}`);

const mappingOf = (stack: StackView, stage: Stage) =>
  stack
    .all('mapping')
    .find(({ inputs }) =>
      String(inputs.eventSourceArn).endsWith(`:${queueName(stack.deployment, stage.name)}`),
    )?.inputs ?? {};

const policyOf = (stack: StackView, name: string) =>
  statementsOf(
    stack.all('queuePolicy').find(({ inputs }) => String(inputs.queueUrl).endsWith(`/${name}`))?.inputs
      .policy,
  );

export const queueRules: Rule[] = [
  {
    rule: 'the queues are those of the topology, a dead-letter queue for each',
    faults: (stack) =>
      different(
        'the list of queues',
        stack
          .all('queue')
          .map(({ inputs }) => inputs.name)
          .sort(),
        [...stageNames, forgetting.name]
          .flatMap((name) => [queueName(stack.deployment, name), deadLetterQueueName(stack.deployment, name)])
          .sort(),
      ),
  },
  {
    rule: 'a message stays hidden for at least six function timeouts and the batch window',
    faults: (stack) =>
      eachStage((stage) => {
        const visible = Number(queueOf(stack, stage).visibilityTimeoutSeconds);
        const needed =
          6 * Number(functionOf(stack, stage).timeout) +
          Number(mappingOf(stack, stage).maximumBatchingWindowInSeconds);
        return visible >= needed
          ? []
          : [`${stage.name}: visible again after ${visible} s, needed ${needed} s`];
      }),
  },
  {
    rule: 'a message goes to its own dead-letter queue after as many receives as the topology says',
    faults: (stack) =>
      eachStage((stage) =>
        different(`${stage.name}: redrive policy`, JSON.parse(String(queueOf(stack, stage).redrivePolicy)), {
          deadLetterTargetArn: `arn:aws:sqs:eu-central-1:123456789012:${deadLetterQueueName(stack.deployment, stage.name)}`,
          maxReceiveCount,
        }),
      ),
  },
  {
    rule: 'dead letters wait 14 days, messages less',
    faults: (stack) =>
      eachStage((stage) => [
        ...different(
          `${stage.name}: dead-letter retention`,
          deadLettersOf(stack, stage).messageRetentionSeconds,
          14 * daySeconds,
        ),
        ...different(
          `${stage.name}: retention`,
          queueOf(stack, stage).messageRetentionSeconds,
          7 * daySeconds,
        ),
      ]),
  },
  {
    rule: 'every queue is encrypted',
    faults: (stack) =>
      stack
        .all('queue')
        .filter(({ inputs }) => inputs.sqsManagedSseEnabled !== true)
        .map(({ name }) => `${name} is not encrypted`),
  },
  {
    rule: 'every queue refuses plain HTTP',
    faults: (stack) =>
      stack.all('queue').flatMap(({ inputs }) => {
        const name = String(inputs.name);
        const refuses = policyOf(stack, name).some(
          (statement) =>
            statement.Effect === 'Deny' &&
            statement.Action.includes('sqs:*') &&
            statement.Condition?.Bool?.['aws:SecureTransport']?.[0] === 'false' &&
            statement.Principal === '*' &&
            statement.Resource[0]?.endsWith(`:${name}`),
        );
        return refuses ? [] : [`${name} accepts plain HTTP`];
      }),
  },
  {
    rule: 'only events of the own bucket in the own account may enter a queue from outside',
    faults: (stack) =>
      eachStage((stage) => [
        ...different(
          `${stage.name}: who may send`,
          allowsOf(stack, queueName(stack.deployment, stage.name)),
          stage.reads === null ? [] : [sendByBucket(stack)],
        ),
        ...different(
          `${stage.name}: who may send to the dead-letter queue`,
          allowsOf(stack, deadLetterQueueName(stack.deployment, stage.name)),
          [],
        ),
      ]),
  },
  {
    rule: 'each queue feeds its own function, which reports failures one by one',
    faults: (stack) =>
      eachStage((stage) => {
        const mapping = mappingOf(stack, stage);
        return [
          ...different(
            `${stage.name}: function`,
            mapping.functionName,
            `arn:aws:lambda:eu-central-1:123456789012:function:${stack.deployment}-${stage.name}`,
          ),
          ...different(`${stage.name}: response types`, mapping.functionResponseTypes, [
            'ReportBatchItemFailures',
          ]),
        ];
      }),
  },
  {
    rule: 'batches and concurrency are those of the topology',
    faults: (stack) =>
      eachStage((stage) => {
        const mapping = mappingOf(stack, stage);
        return [
          ...different(`${stage.name}: batch size`, mapping.batchSize, stage.batchSize),
          ...different(
            `${stage.name}: batch window`,
            mapping.maximumBatchingWindowInSeconds,
            stage.batchWindowSeconds,
          ),
          ...different(`${stage.name}: concurrency`, mapping.scalingConfig, {
            maximumConcurrency: stage.maximumConcurrency,
          }),
        ];
      }),
  },
];

const allowsOf = (stack: StackView, queue: string) =>
  policyOf(stack, queue)
    .filter(({ Effect }) => Effect === 'Allow')
    .map(({ Principal, Action, Condition }) => ({ Principal, Action, Condition }));

const sendByBucket = (stack: StackView) => ({
  Principal: { Service: ['s3.amazonaws.com'] },
  Action: ['sqs:SendMessage'],
  Condition: {
    ArnEquals: { 'aws:SourceArn': [`arn:aws:s3:::${stack.inputs('bucket').bucket}`] },
    StringEquals: { 'aws:SourceAccount': ['123456789012'] },
  },
});
