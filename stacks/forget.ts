import { deadLetterQueueName, forgetting, prefixes } from '../packages/core/topology.ts';
import { createAlarm } from './alarms.ts';
import type { Deployment } from './deployment.ts';
import { createFunction } from './function.ts';
import { alarmOnFunction } from './monitoring.ts';
import {
  consumeQueue,
  deleteObjectVersions,
  emptyQueues,
  getObjects,
  listObjects,
  listObjectVersions,
  putObjects,
  sendToQueues,
} from './permissions.ts';
import { createQueues, type DeployedStage, subscribe } from './stage.ts';

/** Where something of a person lies. */
export const personalPrefixes = [
  prefixes.raw,
  prefixes.enriched,
  prefixes.rejects,
  prefixes.status,
  prefixes.index,
  prefixes.open,
  prefixes.pending,
  prefixes.checkpoints,
  prefixes.exports,
  prefixes.follows,
];

/** Removes all that is stored of a person: the one function that may delete rows and old versions of objects. */
export function deployForget(deployment: Deployment, stages: readonly DeployedStage[]): sst.aws.Queue {
  const { bucket } = deployment;
  const { queue, deadLetterQueue } = createQueues(deployment, forgetting);
  const handler = createFunction(deployment, {
    name: forgetting.name,
    timeoutSeconds: forgetting.functionTimeoutSeconds,
    memoryMb: forgetting.memoryMb,
    usesDatabase: true,
    permissions: [
      consumeQueue(queue),
      // For the second look, and for what no retry can mend.
      sendToQueues(queue, deadLetterQueue),
      emptyQueues(...stages.map((stage) => stage.deadLetterQueue)),
      listObjects(bucket, ...personalPrefixes, prefixes.forgotten, prefixes.healing),
      listObjectVersions(bucket, ...personalPrefixes),
      // To see whether an object is still there, once its versions are gone.
      getObjects(bucket, ...personalPrefixes, prefixes.forgotten, prefixes.healing),
      deleteObjectVersions(bucket, ...personalPrefixes),
      putObjects(bucket, prefixes.forgotten, prefixes.healing),
    ],
  });
  subscribe(queue, handler, forgetting);
  createAlarm(deployment, 'ForgetDeadLetters', {
    name: 'forget-dead-letters',
    group: 'background',
    notice: 'Somebody who asked to be forgotten is still known.',
    firstCommand: { savepoint: 'logs --since 1d' },
    section: 'forgetting-a-person',
    namespace: 'AWS/SQS',
    metricName: 'ApproximateNumberOfMessagesVisible',
    dimensions: { QueueName: deadLetterQueueName(deployment.name, forgetting.name) },
    statistic: 'Maximum',
    threshold: 0,
  });
  alarmOnFunction(deployment, forgetting.name, 'People are forgotten late.');
  return queue;
}
