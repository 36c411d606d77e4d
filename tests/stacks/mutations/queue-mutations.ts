import type { Mutation } from './mutation.ts';

const topology = 'packages/core/topology.ts';
const stage = 'stacks/stage.ts';
const queuePolicy = 'stacks/queue-policy.ts';
const senders = 'only events of the own bucket in the own account may enter a queue from outside';

export const queueMutations: Mutation[] = [
  {
    mistake: 'a queue of another name than the local stack uses',
    rule: 'the queues are those of the topology, a dead-letter queue for each',
    edit: { file: stage, from: 'queueName(deployment.name, stage.name),', to: 'stage.name,' },
  },
  {
    mistake: 'a visibility timeout of one function timeout',
    rule: 'a message stays hidden for at least six function timeouts and the batch window',
    edit: { file: topology, from: '6 * stage.functionTimeoutSeconds', to: 'stage.functionTimeoutSeconds' },
  },
  {
    mistake: 'three receives, which is SST’s default',
    rule: 'a message goes to its own dead-letter queue after as many receives as the topology says',
    edit: { file: stage, from: 'retry: maxReceiveCount', to: 'retry: 3' },
  },
  {
    mistake: 'dead letters that are gone after four days',
    rule: 'dead letters wait 14 days, messages less',
    edit: { file: stage, from: 'deadLetterRetentionDays * daySeconds', to: '4 * daySeconds' },
  },
  {
    mistake: 'queues without encryption',
    rule: 'every queue is encrypted',
    edit: { file: stage, from: 'sqsManagedSseEnabled: true', to: 'sqsManagedSseEnabled: false' },
  },
  {
    mistake: 'a TLS condition the wrong way round',
    rule: 'every queue refuses plain HTTP',
    edit: { file: queuePolicy, from: "values: ['false']", to: "values: ['true']" },
  },
  {
    mistake: 'events of any bucket',
    rule: senders,
    edit: {
      file: queuePolicy,
      from: "{ test: 'ArnEquals', variable: 'aws:SourceArn', values: [bucket.arn] },",
      to: '',
    },
  },
  {
    mistake: 'events of a bucket of this name in any account',
    rule: senders,
    edit: {
      file: queuePolicy,
      from: "variable: 'aws:SourceAccount'",
      to: "variable: 'aws:PrincipalAccount'",
    },
  },
  {
    mistake: 'answers for a whole batch at once',
    rule: 'each queue feeds its own function, which reports failures one by one',
    edit: { file: stage, from: 'partialResponses: true', to: 'partialResponses: false' },
  },
  {
    mistake: 'concurrency without a limit, which breaks the shares of IGDB’s rate limit',
    rule: 'batches and concurrency are those of the topology',
    edit: {
      file: stage,
      from: 'eventSourceMapping: { scalingConfig: { maximumConcurrency: stage.maximumConcurrency } },',
      to: '',
    },
  },
];
