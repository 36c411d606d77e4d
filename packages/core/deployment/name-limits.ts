import { functionNames, secretId, secretNames } from '../secrets.ts';
import { deadLetterQueueName, project, queueName, stageNames } from '../topology.ts';

/**
 * How many characters AWS takes for a name. SST shortens those that it makes itself (roles, buckets, schedules); the
 * others hold the deployment's whole name.
 * https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html
 */
export const nameLimits = {
  function: 64,
  role: 64,
  schedule: 64,
  bucket: 63,
  queue: 80,
  httpApi: 128,
  alarm: 255,
  dashboard: 255,
  topic: 256,
  logGroup: 512,
  secret: 512,
} as const;
export type NamedKind = keyof typeof nameLimits;

/** `savepoint-production`. @param stage `production`: what SST calls a stage. */
export const deploymentName = (stage: string): string => `${project}-${stage}`;

/** The longest names of each kind that hold the deployment's name whole. */
function longNames(stage: string): [NamedKind, string][] {
  const deployment = deploymentName(stage);
  const functions = functionNames.map((name) => `${deployment}-${name}`);
  return [
    ...functions.map((name): [NamedKind, string] => ['function', name]),
    ...functions.map((name): [NamedKind, string] => ['logGroup', `/aws/lambda/${name}`]),
    ...stageNames.flatMap((name): [NamedKind, string][] => [
      ['queue', queueName(deployment, name)],
      ['queue', deadLetterQueueName(deployment, name)],
    ]),
    ...secretNames.map((name): [NamedKind, string] => ['secret', secretId(stage, name)]),
    ['httpApi', deployment],
    ['topic', `${deployment}-alarms`],
    ['dashboard', deployment],
  ];
}

/** One sentence when the environment's name is too long for any of its resources, naming the tightest. */
export function nameFaults(stage: string): string[] {
  const [worst] = longNames(stage)
    .map(([kind, name]) => ({ kind, name, over: name.length - nameLimits[kind] }))
    .sort((a, b) => b.over - a.over);
  if (worst === undefined || worst.over <= 0) return [];
  return [
    `The name ${stage} is too long by ${worst.over}: its ${worst.kind} ${worst.name} would have ${worst.name.length} characters, and AWS takes ${nameLimits[worst.kind]}. At most ${stage.length - worst.over} are left for it.`,
  ];
}
