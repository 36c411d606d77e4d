import { type NamedKind, nameLimits } from '@savepoint/core/deployment/name-limits.ts';
import { namesPeople } from '@savepoint/core/log-key.ts';
import { functionNames, secretId, secretNames, secrets } from '@savepoint/core/secrets.ts';
import { project, stageNames, stages } from '@savepoint/core/topology.ts';
import * as v from 'valibot';
import type { Rule, StackView } from './stack-view.ts';
import { different } from './stack-view.ts';

const texts = v.union([v.string(), v.array(v.string())]);
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
const PolicyDocument = v.strictObject({
  Version: v.literal('2012-10-17'),
  Statement: v.pipe(
    v.array(
      v.strictObject({
        Sid: v.optional(v.pipe(v.string(), v.regex(/^\w*$/))),
        Effect: v.picklist(['Allow', 'Deny']),
        Principal: v.optional(
          v.union([
            v.literal('*'),
            v.pipe(
              v.record(v.picklist(['AWS', 'Service', 'Federated', 'CanonicalUser']), texts),
              v.check((principals) => Object.keys(principals).length > 0),
            ),
          ]),
        ),
        Action: texts,
        Resource: v.optional(texts),
        Condition: v.optional(v.record(v.string(), v.record(v.string(), texts))),
      }),
    ),
    v.minLength(1),
  ),
});

/** Every policy document among a resource's inputs, at any depth. */
function policiesIn(value: unknown): unknown[] {
  if (typeof value === 'string') {
    if (!value.startsWith('{"') || !value.includes('"Statement"')) return [];
    return [JSON.parse(value)];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(policiesIn) : [];
}

const namedKinds = {
  alarm: 'alarm',
  api: 'httpApi',
  bucket: 'bucket',
  dashboard: 'dashboard',
  function: 'function',
  logGroup: 'logGroup',
  queue: 'queue',
  role: 'role',
  schedule: 'schedule',
  secret: 'secret',
  topic: 'topic',
} as const satisfies Parameters<StackView['all']>[0] extends infer Type extends string
  ? Partial<Record<Type, NamedKind>>
  : never;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html */
const longestAlarmRule = 10_240;
const alarmTopic = (name: string) => `arn:aws:sns:eu-central-1:123456789012:${name}`;

/** A sentence, a command, and a heading of the documentation; a test of the documents looks for the two. */
export const alarmText = (stage: string) =>
  new RegExp(
    `^[A-Z][^]{20,}[.] First: (?<command>npx savepoint [a-z:]+[^.]* --stage ${stage}|aws [a-z -]+)[.] See (?<page>docs/[a-z]+[.]md)#(?<section>[a-z-]+)[.]$`,
  );

const alarmOf = (stack: StackView, name: string) => stack.inputs('alarm', `${stack.deployment}-${name}`);

export const deploymentRules: Rule[] = [
  {
    rule: 'production is protected and retained, other stages can be removed',
    faults: (stack) => {
      const isProduction = stack.stage === 'production';
      return different('the app', stack.app, {
        name: project,
        home: 'aws',
        providers: { aws: { region: 'eu-central-1' } },
        protect: isProduction,
        removal: isProduction ? 'retain' : 'remove',
      });
    },
  },
  {
    rule: 'no name is longer than AWS takes',
    faults: (stack) =>
      Object.entries(namedKinds).flatMap(([type, kind]) =>
        stack.all(type as keyof typeof namedKinds).flatMap(({ inputs }) => {
          const name = String(inputs.name ?? inputs.bucket ?? inputs.dashboardName);
          return name.length <= nameLimits[kind] ? [] : [`${kind} ${name} has ${name.length} characters`];
        }),
      ),
  },
  {
    rule: 'every policy is one that AWS takes',
    faults: (stack) =>
      stack.resources.flatMap(({ name, inputs }) =>
        policiesIn(inputs).flatMap((policy) =>
          v.is(PolicyDocument, policy) ? [] : [`${name}: ${JSON.stringify(policy)}`],
        ),
      ),
  },
  {
    rule: 'the four secrets exist, empty',
    faults: (stack) => [
      ...different(
        'the secrets',
        stack
          .all('secret')
          .map(({ inputs }) => inputs.name)
          .sort(),
        secretNames
          .filter((name) => secrets[name].required)
          .map((name) => secretId(stack.stage, name))
          .sort(),
      ),
      ...stack.all('secretVersion').map(({ name }) => `${name} puts a secret’s value into the state`),
    ],
  },
  {
    rule: 'secrets of production can be brought back, those of other stages go at once',
    faults: (stack) =>
      stack.all('secret').flatMap(({ name, inputs, retainOnDelete }) => {
        const isProduction = stack.stage === 'production';
        return different(
          name,
          [inputs.recoveryWindowInDays, retainOnDelete],
          [isProduction ? 30 : 0, isProduction],
        );
      }),
  },
  {
    rule: 'each stage has its alarms, worded by what people notice',
    faults: (stack) =>
      stageNames.flatMap((name) => [
        ...different(`${name}: dead letters`, watched(alarmOf(stack, `${name}-dead-letters`)), [
          'ApproximateNumberOfMessagesVisible',
          { QueueName: `${stack.deployment}-${name}-dlq` },
          0,
        ]),
        ...different(
          `${name}: oldest message`,
          watched(alarmOf(stack, `${name}-oldest-message`)).slice(0, 2),
          ['ApproximateAgeOfOldestMessage', { QueueName: `${stack.deployment}-${name}` }],
        ),
        ...(Number(alarmOf(stack, `${name}-oldest-message`).threshold) <= 3 * 3600
          ? []
          : [`${name}: people wait for hours before anybody is told`]),
        ...(String(alarmOf(stack, `${name}-dead-letters`).alarmDescription).startsWith(stages[name].impact)
          ? []
          : [`${name}: the alarm does not say what people notice`]),
      ]),
  },
  {
    rule: 'errors and throttles of the functions and server errors of the API sound an alarm',
    faults: (stack) => [
      ...[...stageNames, 'api', 'reconcile', 'follow', 'forget'].flatMap((name) =>
        ['Errors', 'Throttles'].flatMap((metric) =>
          different(`${name}: ${metric}`, watched(alarmOf(stack, `${name}-${metric.toLowerCase()}`)), [
            metric,
            { FunctionName: `${stack.deployment}-${name}` },
            0,
          ]),
        ),
      ),
      ...different('API', watched(alarmOf(stack, 'api-5xx')), [
        '5xx',
        { ApiId: stack.all('api')[0]?.name },
        5,
      ]),
    ],
  },
  {
    rule: 'a step that IGDB refuses sounds an alarm',
    faults: (stack) =>
      different('refused steps', watched(alarmOf(stack, 'igdb-enrichment-refused')), [
        'igdb_refused_steps',
        { service: 'igdb-enrichment' },
        0,
      ]),
  },
  {
    rule: 'overrides that cannot be read sound an alarm',
    faults: (stack) =>
      different('unusable overrides', watched(alarmOf(stack, 'igdb-enrichment-overrides-unusable')), [
        'overrides_unusable',
        { service: 'igdb-enrichment' },
        0,
      ]),
  },
  {
    rule: 'silence is no alarm, and every alarm says what people notice, the first command and where to read on',
    faults: (stack) =>
      [...stack.all('alarm'), ...stack.all('compositeAlarm')].flatMap(({ name, type, inputs }) => [
        ...(type.includes('composite')
          ? []
          : [
              ...different(`${name}: missing data`, inputs.treatMissingData, 'notBreaching'),
              ...different(`${name}: comparison`, inputs.comparisonOperator, 'GreaterThanThreshold'),
            ]),
        ...(alarmText(stack.stage).test(String(inputs.alarmDescription))
          ? []
          : [`${name} says “${inputs.alarmDescription}”`]),
      ]),
  },
  {
    rule: 'one mail for each part that ails, and one for an outage in place of those',
    faults: (stack) => {
      const [topic] = stack.all('topic').map(({ inputs }) => alarmTopic(String(inputs.name)));
      const outage = `arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${stack.deployment}-outage`;
      const alarms = stack.all('alarm');
      const alarmNames = alarms.map(({ name }) => name).sort();
      const mails = stack.all('compositeAlarm');
      const parts = mails.filter(({ inputs }) => inputs.actionsSuppressor !== undefined);
      return [
        ...alarms
          .filter(({ inputs }) => inputs.alarmActions !== undefined)
          .map(({ name }) => `${name} sends a mail of its own`),
        ...different('the mails', mails.map(({ inputs }) => inputs.alarmName).sort(), [
          ...['api', 'background', 'database-import', 'igdb-enrichment'].map(
            (part) => `${stack.deployment}-${part}-ails`,
          ),
          `${stack.deployment}-outage`,
          `${stack.deployment}-steam-import-ails`,
        ]),
        ...mails.flatMap(({ name, inputs, dependsOn }) => [
          ...different(`${name}: what is there before`, [...dependsOn].sort(), alarmNames),
          ...different(`${name}: actions`, inputs.alarmActions, [topic]),
          ...(String(inputs.alarmRule).length <= longestAlarmRule ? [] : [`${name}: its rule is too long`]),
          ...different(`${name}: when it is over`, inputs.okActions, [topic]),
        ]),
        ...parts.flatMap(({ name, inputs }) =>
          different(
            `${name}: what speaks in its place`,
            (inputs.actionsSuppressor as { alarm: string }).alarm,
            outage,
          ),
        ),
        // Each alarm is told of by exactly one part.
        ...alarms.flatMap(({ inputs }) =>
          different(
            `the mails about ${inputs.name}`,
            parts.filter(({ inputs: { alarmRule } }) => String(alarmRule).includes(`ALARM("${inputs.name}")`))
              .length,
            1,
          ),
        ),
      ];
    },
  },
  {
    rule: 'questions to the logs are saved, and know every log that speaks of imports',
    faults: (stack) => {
      const groups = functionNames
        .filter(namesPeople)
        .map((name) => `/aws/lambda/${stack.deployment}-${name}`);
      return [
        ...different(
          'the saved questions',
          stack.all('queryDefinition').map(({ inputs }) => inputs.name),
          ['all-of-one-import', 'errors-by-code', 'slowest'].map((name) => `${stack.deployment}/${name}`),
        ),
        ...stack
          .all('queryDefinition')
          .flatMap(({ name, inputs }) => different(`${name}: logs`, inputs.logGroupNames, groups)),
      ];
    },
  },
  {
    rule: 'the dashboard begins with what to do and with every alarm',
    faults: (stack) => {
      const [text, alarms] = widgetsOf(stack);
      return [
        ...different('the first two', [text?.type, alarms?.type], ['text', 'alarm']),
        ...(String(text?.properties.markdown).includes(`npx savepoint deploy:check --stage ${stack.stage}`)
          ? []
          : ['the dashboard says no command']),
        ...different(
          'the alarms on the dashboard',
          [...(alarms?.properties.alarms ?? [])].sort(),
          stack
            .all('alarm')
            .map(({ inputs }) => `arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${inputs.name}`)
            .sort(),
        ),
      ];
    },
  },
  {
    rule: 'the dashboard shows requests, queues, ages, dead letters, durations and what the stages count',
    faults: (stack) => {
      const shown = new Set(
        widgetsOf(stack).flatMap(({ properties }) =>
          (properties.metrics ?? []).map(([namespace, metric, , value]) => `${metric} ${value ?? namespace}`),
        ),
      );
      const { deployment } = stack;
      return [
        `Count ${stack.all('api')[0]?.name}`,
        ...stageNames.flatMap((name) => [
          `ApproximateNumberOfMessagesVisible ${deployment}-${name}`,
          `ApproximateNumberOfMessagesVisible ${deployment}-${name}-dlq`,
          `ApproximateAgeOfOldestMessage ${deployment}-${name}`,
          `Duration ${deployment}-${name}`,
          `failures ${name}`,
        ]),
        'imports database-import',
        ...[
          'matched',
          'unmatched',
          'pending',
          'rejected',
          'igdb_requests',
          'igdb_rate_limited',
          'igdb_refused_steps',
        ].map((count) => `${count} igdb-enrichment`),
      ]
        .filter((metric) => !shown.has(metric))
        .map((metric) => `the dashboard lacks ${metric}`);
    },
  },
];

type Widget = {
  type: string;
  properties: { metrics?: string[][]; alarms?: string[]; markdown?: string };
};
const widgetsOf = (stack: StackView): Widget[] =>
  JSON.parse(String(stack.inputs('dashboard').dashboardBody ?? '{"widgets":[]}')).widgets;

const watched = ({ metricName, dimensions, threshold }: Record<string, unknown>) => [
  metricName,
  dimensions,
  threshold,
];
