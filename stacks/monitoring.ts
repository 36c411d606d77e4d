import type { Stage } from '../packages/core/topology.ts';
import {
  deadLetterQueueName,
  isStageName,
  maxReceiveCount,
  queueName,
  visibilityTimeoutSeconds,
} from '../packages/core/topology.ts';
import { type AlarmGroup, createAlarm } from './alarms.ts';
import type { Deployment } from './deployment.ts';
import { componentName } from './deployment.ts';

/** An hour, or as long as a message whose function died stays hidden. */
const oldestMessageSeconds = (stage: Stage) => Math.max(3600, visibilityTimeoutSeconds(stage));

/** Dead letters, waiting messages, errors and throttles of one stage. */
export function alarmOnStage(deployment: Deployment, stage: Stage): void {
  const component = componentName(stage.name);
  const queue = queueName(deployment.name, stage.name);
  createAlarm(deployment, `${component}DeadLetters`, {
    name: `${stage.name}-dead-letters`,
    group: stage.name,
    notice: stage.impact,
    firstCommand: { savepoint: 'dlq causes' },
    section: 'a-bad-day',
    namespace: 'AWS/SQS',
    metricName: 'ApproximateNumberOfMessagesVisible',
    dimensions: { QueueName: deadLetterQueueName(deployment.name, stage.name) },
    statistic: 'Maximum',
    threshold: 0,
  });
  createAlarm(deployment, `${component}Age`, {
    name: `${stage.name}-oldest-message`,
    group: stage.name,
    notice: `People wait for their library: the stage ${stage.name} does not keep up with its queue.`,
    firstCommand: { savepoint: 'queues' },
    section: 'old-messages',
    namespace: 'AWS/SQS',
    metricName: 'ApproximateAgeOfOldestMessage',
    dimensions: { QueueName: queue },
    statistic: 'Maximum',
    threshold: oldestMessageSeconds(stage),
  });
  alarmOnFunction(
    deployment,
    stage.name,
    `Imports are late: they are tried again, at most ${maxReceiveCount} times.`,
  );
}

/** Sounds as soon as the stage counts one. */
const once = (deployment: Deployment, stage: Stage, metricName: string) => ({
  namespace: deployment.name,
  metricName,
  dimensions: { service: stage.name },
  statistic: 'Sum' as const,
  threshold: 0,
});

/** IGDB takes no question of a kind: its API has changed, or this service asks wrongly. */
export function alarmOnRefusals(deployment: Deployment, stage: Stage): void {
  createAlarm(deployment, `${componentName(stage.name)}Refusals`, {
    name: `${stage.name}-refused`,
    group: stage.name,
    notice:
      'Libraries come without some of their games: IGDB refuses a step of the look-up, and is asked again after 1, 6 and 24 hours.',
    firstCommand: { savepoint: 'logs --since 1d' },
    section: 'what-igdb-refuses',
    ...once(deployment, stage, 'igdb_refused_steps'),
  });
}

/** Nothing is published without what people decided, and only somebody who corrects the file can help. */
export function alarmOnOverrides(deployment: Deployment, stage: Stage): void {
  createAlarm(deployment, `${componentName(stage.name)}Overrides`, {
    name: `${stage.name}-overrides-unusable`,
    group: stage.name,
    notice:
      "No library's games are looked up: overrides/apps.csv cannot be read, and imports wait until it is corrected.",
    firstCommand: { savepoint: 'overrides list' },
    section: 'broken-overrides',
    ...once(deployment, stage, 'overrides_unusable'),
  });
}

const groupOf = (functionName: string): AlarmGroup =>
  isStageName(functionName) || functionName === 'api' ? functionName : 'background';

/** @param effect what people notice while the function fails or is throttled, as a sentence. */
export function alarmOnFunction(deployment: Deployment, name: string, effect: string): void {
  const component = componentName(name);
  const dimensions = { FunctionName: `${deployment.name}-${name}` };
  createAlarm(deployment, `${component}Errors`, {
    name: `${name}-errors`,
    group: groupOf(name),
    notice: `${effect} The function ${name} crashed or ran out of time.`,
    firstCommand: { savepoint: 'logs --since 1h' },
    section: 'errors-of-a-function',
    namespace: 'AWS/Lambda',
    metricName: 'Errors',
    dimensions,
    statistic: 'Sum',
    threshold: 0,
  });
  createAlarm(deployment, `${component}Throttles`, {
    name: `${name}-throttles`,
    group: groupOf(name),
    notice: `${effect} The account has no concurrency left for the function ${name}.`,
    firstCommand: { other: 'aws lambda get-account-settings' },
    section: 'throttles',
    namespace: 'AWS/Lambda',
    metricName: 'Throttles',
    dimensions,
    statistic: 'Sum',
    threshold: 0,
  });
}

export function alarmOnApi(deployment: Deployment, apiId: $util.Input<string>): void {
  createAlarm(deployment, 'ApiServerErrors', {
    name: 'api-5xx',
    group: 'api',
    notice: 'People cannot start imports or see how theirs are doing: the API answers with server errors.',
    firstCommand: { savepoint: 'logs --since 1h' },
    section: 'the-api-answers-with-errors',
    namespace: 'AWS/ApiGateway',
    metricName: '5xx',
    dimensions: { ApiId: apiId },
    statistic: 'Sum',
    // A few are the honest 503 while Steam is down.
    threshold: 5,
  });
  alarmOnFunction(deployment, 'api', 'People cannot start imports or see how theirs are doing.');
}
