import type { Mutation } from './mutation.ts';

const api = 'stacks/api.ts';
const secrets = 'stacks/secrets.ts';
const monitoring = 'stacks/monitoring.ts';
const alarms = 'stacks/alarms.ts';
const spokenAlarms =
  'silence is no alarm, and every alarm says what people notice, the first command and where to read on';
const dashboard = 'stacks/dashboard.ts';
const config = 'sst.config.ts';
const throttledAndLogged =
  'the API is throttled and logs each request by its route: no path, no query, no token';
const routes = 'the routes are those of the contract, and all but the open ones ask for a token';

export const deploymentMutations: Mutation[] = [
  {
    mistake: 'a call without a token',
    rule: routes,
    edit: { file: api, from: 'open ? {} : { auth }', to: '{}' },
  },
  {
    mistake: 'a path that the contract does not have',
    rule: routes,
    edit: {
      file: 'packages/core/http-routes.ts',
      from: '/queues/{stage}/redrive',
      to: '/queues/{stage}/retry',
    },
  },
  {
    mistake: 'a removed token that is good for an hour',
    rule: 'the authorizer reads the Authorization header and is remembered for a minute at most',
    edit: { file: api, from: 'authorizerCacheSeconds = 60', to: 'authorizerCacheSeconds = 3600' },
  },
  {
    mistake: 'an API without throttling',
    rule: throttledAndLogged,
    edit: { file: api, from: 'throttlingRateLimit: throttling.rateLimit,', to: '' },
  },
  {
    mistake: 'SteamIDs in the log of the gateway',
    rule: throttledAndLogged,
    edit: { file: api, from: "routeKey: '$context.routeKey',", to: "path: '$context.path'," },
  },
  {
    mistake: 'a policy that AWS refuses',
    rule: 'every policy is one that AWS takes',
    edit: { file: 'stacks/queue-policy.ts', from: "type: 'Service'", to: "type: 'Nobody'" },
  },
  {
    mistake: 'an API that browsers of every origin may ask, which is SST’s default',
    rule: 'the API answers no browser of another origin',
    edit: { file: api, from: 'cors : false,', to: 'cors : undefined,' },
  },
  {
    mistake: 'a function that any API may call',
    rule: 'only this API may call its functions',
    edit: {
      file: api,
      from: '  alarmOnApi(deployment, api.nodes.api.id);\n',
      to: "  new aws.lambda.Permission('Open', { action: 'lambda:InvokeFunction', function: handler.name, principal: '*' });\n  alarmOnApi(deployment, api.nodes.api.id);\n",
    },
  },
  {
    mistake: 'refused steps that only the log tells',
    rule: 'a step that IGDB refuses sounds an alarm',
    edit: { file: 'stacks/pipeline.ts', from: '  alarmOnRefusals(deployment, stage);\n', to: '' },
  },
  {
    mistake: 'broken overrides that nobody is told of',
    rule: 'overrides that cannot be read sound an alarm',
    edit: { file: 'stacks/pipeline.ts', from: '  alarmOnOverrides(deployment, stage);\n', to: '' },
  },
  {
    mistake: 'a production that `sst remove` takes down',
    rule: 'production is protected and retained, other stages can be removed',
    edit: { file: config, from: 'protect: isProduction', to: 'protect: false' },
  },
  {
    mistake: 'a dev that leaves its bucket behind',
    rule: 'production is protected and retained, other stages can be removed',
    stage: 'dev',
    edit: { file: config, from: "isProduction ? 'retain' : 'remove'", to: "'retain'" },
  },
  {
    mistake: 'an API whose name is too long',
    rule: 'no name is longer than AWS takes',
    edit: {
      file: api,
      from: "description: 'Savepoint:",
      to: "name: name.padEnd(129, 'x'), description: 'Savepoint:",
    },
  },
  {
    mistake: 'a secret’s value in the state',
    rule: 'the four secrets exist, empty',
    edit: {
      file: secrets,
      from: "  const isProduction = $app.stage === 'production';\n",
      to: "  const isProduction = $app.stage === 'production';\n  new aws.secretsmanager.SecretVersion(secret.concat('Value'), { secretId: 'a', secretString: 'b' });\n",
    },
  },
  {
    mistake: 'secrets of dev whose names are taken for a month after a removal',
    rule: 'secrets of production can be brought back, those of other stages go at once',
    stage: 'dev',
    edit: { file: secrets, from: 'isProduction ? 30 : 0', to: '30' },
  },
  {
    mistake: 'an alarm on the wrong queue',
    rule: 'each stage has its alarms, worded by what people notice',
    edit: {
      file: monitoring,
      from: '{ QueueName: deadLetterQueueName(deployment.name, stage.name) }',
      to: '{ QueueName: queue }',
    },
  },
  {
    mistake: 'an API whose errors nobody hears of',
    rule: 'errors and throttles of the functions and server errors of the API sound an alarm',
    edit: { file: api, from: 'alarmOnApi(deployment, api.nodes.api.id);', to: '' },
  },
  {
    mistake: 'alarms that sound when nobody imports anything',
    rule: spokenAlarms,
    edit: { file: alarms, from: "'notBreaching'", to: "'breaching'" },
  },
  {
    mistake: 'alarms that say no command',
    rule: spokenAlarms,
    edit: { file: alarms, from: ' First: ', to: ' Look at ' },
  },
  {
    mistake: 'six mails in an outage',
    rule: 'one mail for each part that ails, and one for an outage in place of those',
    edit: { file: alarms, from: '      suppressor: outage.arn,\n', to: '' },
  },
  {
    mistake: 'mails about alarms that are not there yet',
    rule: 'one mail for each part that ails, and one for an outage in place of those',
    edit: {
      file: alarms,
      from: '.map(({ resource }) => resource) }',
      to: '.map(({ resource }) => resource).slice(1) }',
    },
  },
  {
    mistake: 'a saved question that asks one function alone',
    rule: 'questions to the logs are saved, and know every log that speaks of imports',
    edit: { file: 'stacks/saved-queries.ts', from: '.filter(namesPeople)', to: '.slice(0, 1)' },
  },
  {
    mistake: 'a dashboard without the dead letters',
    rule: 'the dashboard shows requests, queues, ages, dead letters, durations and what the stages count',
    edit: {
      file: dashboard,
      from: '      deadLetterQueueName(deployment, name),',
      to: '      queueName(deployment, name),',
    },
  },
  {
    mistake: 'a dashboard without an alarm',
    rule: 'the dashboard begins with what to do and with every alarm',
    edit: { file: dashboard, from: '.values()].flat()', to: '.values()].flat().slice(1)' },
  },
  {
    mistake: 'counts under a name that no function uses',
    rule: 'the dashboard shows requests, queues, ages, dead letters, durations and what the stages count',
    edit: {
      file: dashboard,
      from: "['igdb_requests', 'igdb_rate_limited', 'igdb_refused_steps']",
      to: "['requests', 'rate_limited']",
    },
  },
];
