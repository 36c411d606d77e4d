import { stageNames } from '../packages/core/topology.ts';
import type { Deployment } from './deployment.ts';
import { componentName } from './deployment.ts';
import type { Settings } from '../packages/core/deployment/settings.ts';

const periodSeconds = 300;
/** How long an alarm of one part waits for that of an outage, which then speaks in its place. */
const outageWaitSeconds = 120;

/** The parts of which one mail each is sent; `background` is what nobody waits for. */
export const alarmGroups = [...stageNames, 'api', 'background'] as const;
export type AlarmGroup = (typeof alarmGroups)[number];

/** Whom the alarms tell; nobody, when no address is configured. */
export type AlarmSink = {
  topicArns: $util.Input<string>[];
  /** The alarms of each part, as they are made. */
  alarms: Map<AlarmGroup, NamedAlarm[]>;
};
type NamedAlarm = { name: string; resource: aws.cloudwatch.MetricAlarm };

export function createAlarmSink(settings: Settings): AlarmSink {
  const alarms: AlarmSink['alarms'] = new Map();
  if (settings.alarmEmail === undefined) return { topicArns: [], alarms };
  const topic = new aws.sns.Topic('Alarms', { name: `${$app.name}-${$app.stage}-alarms` });
  new aws.sns.TopicSubscription('AlarmsByEmail', {
    topic: topic.arn,
    protocol: 'email',
    endpoint: settings.alarmEmail,
  });
  return { topicArns: [topic.arn], alarms };
}

export type Alarm = {
  /** The last part of the alarm's name: `steam-import-dead-letters`. */
  name: string;
  group: AlarmGroup;
  /** What people notice, as a sentence. */
  notice: string;
  /** What to look at first: words of `npx savepoint`, or another program's whole command. */
  firstCommand: { savepoint: string } | { other: string };
  /** The heading in docs/operations.md that says what to do. */
  section: string;
  namespace: string;
  metricName: string;
  dimensions: Record<string, $util.Input<string>>;
  statistic: 'Sum' | 'Maximum';
  /** The alarm sounds above this value. */
  threshold: number;
};

/** An alarm that sends no mail itself: its part does, or the outage that it is a part of. */
export function createAlarm(deployment: Deployment, component: string, alarm: Alarm): void {
  const name = `${deployment.name}-${alarm.name}`;
  const resource = new aws.cloudwatch.MetricAlarm(`Alarm${component}`, {
    name,
    alarmDescription: describe(alarm),
    namespace: alarm.namespace,
    metricName: alarm.metricName,
    dimensions: alarm.dimensions,
    statistic: alarm.statistic,
    period: periodSeconds,
    evaluationPeriods: 1,
    comparisonOperator: 'GreaterThanThreshold',
    threshold: alarm.threshold,
    treatMissingData: 'notBreaching',
  });
  const { alarms } = deployment.alarms;
  alarms.set(alarm.group, [...(alarms.get(alarm.group) ?? []), { name, resource }]);
}

function describe({
  notice,
  firstCommand,
  section,
}: Pick<Alarm, 'notice' | 'firstCommand' | 'section'>): string {
  const first =
    'other' in firstCommand
      ? firstCommand.other
      : `npx savepoint ${firstCommand.savepoint} --stage ${$app.stage}`;
  return `${notice} First: ${first}. See docs/operations.md#${section}.`;
}

const notices: Record<AlarmGroup, string> = {
  'steam-import': 'Libraries that people asked for do not come from Steam as they should.',
  'igdb-enrichment': 'Libraries were fetched, and their games are not looked up as they should be.',
  'database-import': 'Libraries are ready, and do not reach the database as they should.',
  api: 'People cannot start imports or see how theirs are doing.',
  background: 'What heals imports by itself does not run as it should; nobody notices yet.',
};

/**
 * One mail for each part that ails, naming its alarms, and one for an outage in place of those: when several parts that
 * people wait for ail at once, the cause is likely one (credentials, a deployment, a quota, AWS itself).
 */
export function createMails(deployment: Deployment): void {
  const { topicArns, alarms } = deployment.alarms;
  if (topicArns.length === 0) return;
  const rules = new Map(
    [...alarms].map(([group, own]) => [group, `(${own.map(({ name }) => `ALARM("${name}")`).join(' OR ')})`]),
  );
  const outage = createComposite(deployment, {
    name: 'outage',
    rule: severalOf([...rules].flatMap(([group, rule]) => (group === 'background' ? [] : [rule]))),
    description: describe({
      notice: 'Several parts fail at once, so that imports stand still or are not taken.',
      firstCommand: { savepoint: 'deploy:check' },
      section: 'an-outage',
    }),
  });
  for (const [group, rule] of rules)
    createComposite(deployment, {
      name: `${group}-ails`,
      rule,
      description: describe({
        notice: notices[group],
        firstCommand: {
          savepoint: group === 'api' || group === 'background' ? 'logs --since 1h' : 'dlq causes',
        },
        section: 'alarms',
      }),
      suppressor: outage.arn,
    });
}

/** True when at least two are. */
const severalOf = (rules: string[]): string =>
  rules.flatMap((one, index) => rules.slice(index + 1).map((other) => `(${one} AND ${other})`)).join(' OR ');

type Composite = { name: string; rule: string; description: string; suppressor?: $util.Output<string> };

function createComposite(deployment: Deployment, { name, rule, description, suppressor }: Composite) {
  const { topicArns, alarms } = deployment.alarms;
  return new aws.cloudwatch.CompositeAlarm(
    `Mail${componentName(name)}`,
    {
      alarmName: `${deployment.name}-${name}`,
      alarmDescription: description,
      alarmRule: rule,
      alarmActions: topicArns,
      okActions: topicArns,
      ...(suppressor && {
        actionsSuppressor: {
          alarm: suppressor,
          waitPeriod: outageWaitSeconds,
          extensionPeriod: outageWaitSeconds,
        },
      }),
    },
    // CloudWatch refuses a rule that names an alarm which is not there.
    { dependsOn: [...alarms.values()].flat().map(({ resource }) => resource) },
  );
}
