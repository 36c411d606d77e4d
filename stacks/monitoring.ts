import type { Stage } from '../packages/core/topology.ts';
import {
  deadLetterQueueName,
  maxReceiveCount,
  queueName,
  visibilityTimeoutSeconds,
} from '../packages/core/topology.ts';
import type { AlarmSink, Deployment } from './deployment.ts';
import { componentName } from './deployment.ts';
import type { Settings } from '../packages/core/deployment/settings.ts';

const periodSeconds = 300;

export function createAlarmSink(settings: Settings): AlarmSink {
  if (settings.alarmEmail === undefined) return { topicArns: [] };
  const topic = new aws.sns.Topic('Alarms', { name: `${$app.name}-${$app.stage}-alarms` });
  new aws.sns.TopicSubscription('AlarmsByEmail', {
    topic: topic.arn,
    protocol: 'email',
    endpoint: settings.alarmEmail,
  });
  return { topicArns: [topic.arn] };
}

type Alarm = {
  /** The last part of the alarm's name: `steam-import-dead-letters`. */
  name: string;
  /** What people notice, and where to look. */
  description: string;
  namespace: string;
  metricName: string;
  dimensions: Record<string, $util.Input<string>>;
  statistic: 'Sum' | 'Maximum';
  /** The alarm sounds above this value. */
  threshold: number;
};

function createAlarm(deployment: Deployment, component: string, alarm: Alarm): void {
  new aws.cloudwatch.MetricAlarm(`Alarm${component}`, {
    name: `${deployment.name}-${alarm.name}`,
    alarmDescription: alarm.description,
    namespace: alarm.namespace,
    metricName: alarm.metricName,
    dimensions: alarm.dimensions,
    statistic: alarm.statistic,
    period: periodSeconds,
    evaluationPeriods: 1,
    comparisonOperator: 'GreaterThanThreshold',
    threshold: alarm.threshold,
    treatMissingData: 'notBreaching',
    alarmActions: deployment.alarms.topicArns,
    okActions: deployment.alarms.topicArns,
  });
}

/** An hour, or as long as a message whose function died stays hidden. */
const oldestMessageSeconds = (stage: Stage) => Math.max(3600, visibilityTimeoutSeconds(stage));

/** Dead letters, waiting messages, errors and throttles of one stage. */
export function alarmOnStage(deployment: Deployment, stage: Stage): void {
  const component = componentName(stage.name);
  const queue = queueName(deployment.name, stage.name);
  createAlarm(deployment, `${component}DeadLetters`, {
    name: `${stage.name}-dead-letters`,
    description: `${stage.impact} Look with GET /queues/${stage.name}/dead-letters; redrive once the cause is gone.`,
    namespace: 'AWS/SQS',
    metricName: 'ApproximateNumberOfMessagesVisible',
    dimensions: { QueueName: deadLetterQueueName(deployment.name, stage.name) },
    statistic: 'Maximum',
    threshold: 0,
  });
  createAlarm(deployment, `${component}Age`, {
    name: `${stage.name}-oldest-message`,
    description: `People wait for their library: the stage ${stage.name} does not keep up with its queue.`,
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

/** IGDB takes no question of a kind: its API has changed, or this service asks wrongly. */
export function alarmOnRefusals(deployment: Deployment, stage: Stage): void {
  createAlarm(deployment, `${componentName(stage.name)}Refusals`, {
    name: `${stage.name}-refused`,
    description: `Libraries come without some of their games: IGDB refuses a step of the look-up, and is asked again after 1, 6 and 24 hours. The log of ${stage.name} says which step, and IGDB's reason.`,
    namespace: deployment.name,
    metricName: 'igdb_refused_steps',
    dimensions: { service: stage.name },
    statistic: 'Sum',
    threshold: 0,
  });
}

/** @param effect what people notice while the function fails or is throttled. */
export function alarmOnFunction(deployment: Deployment, name: string, effect: string): void {
  const component = componentName(name);
  const dimensions = { FunctionName: `${deployment.name}-${name}` };
  createAlarm(deployment, `${component}Errors`, {
    name: `${name}-errors`,
    description: `${effect} The function ${name} crashed or ran out of time; its log group says where.`,
    namespace: 'AWS/Lambda',
    metricName: 'Errors',
    dimensions,
    statistic: 'Sum',
    threshold: 0,
  });
  createAlarm(deployment, `${component}Throttles`, {
    name: `${name}-throttles`,
    description: `${effect} The account has no concurrency left for the function ${name}; ask AWS for more.`,
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
    description:
      'People cannot start imports or see how theirs are doing: the API answers with server errors.',
    namespace: 'AWS/ApiGateway',
    metricName: '5xx',
    dimensions: { ApiId: apiId },
    statistic: 'Sum',
    // A few are the honest 503 while Steam is down.
    threshold: 5,
  });
  alarmOnFunction(deployment, 'api', 'People cannot start imports or see how theirs are doing.');
}
