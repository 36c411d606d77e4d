import type { SourceEdit } from '../../stacks/graph/evaluate.ts';

export type Mutation = {
  /** The mistake, as somebody could make it. */
  mistake: string;
  /** The rule that must notice it. */
  rule: string;
  edit: SourceEdit;
  stage?: 'dev';
};

const topology = 'packages/core/topology.ts';
const pipeline = 'stacks/pipeline.ts';
const stage = 'stacks/stage.ts';
const queuePolicy = 'stacks/queue-policy.ts';
const storage = 'stacks/storage.ts';
const permissions = 'stacks/permissions.ts';
const createFunction = 'stacks/function.ts';
const api = 'stacks/api.ts';
const secrets = 'stacks/secrets.ts';
const monitoring = 'stacks/monitoring.ts';
const dashboard = 'stacks/dashboard.ts';
const config = 'sst.config.ts';

const exactGrants = 'each function may do exactly what is written here';
const senders = 'only events of the own bucket in the own account may enter a queue from outside';
const files = 'files of production survive the stack, files of other stages go with it';
const notifications = 'new CSV files under a prefix wake the stage that reads it, and nothing else does';
const trust = 'a function’s role is trusted by Lambda alone and has no policy written elsewhere';
const routes = 'the routes are those of the contract, and all but the health check ask for a token';

export const mutations: Mutation[] = [
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
    rule: 'a message goes to its own dead-letter queue after five receives',
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
  {
    mistake: 'a bucket without versions',
    rule: 'there is one bucket, versioned and encrypted',
    edit: { file: storage, from: 'versioning: true', to: 'versioning: false' },
  },
  {
    mistake: 'a bucket that browsers of every origin may ask, which is SST’s default',
    rule: 'the bucket is closed to the public and to browsers',
    edit: { file: storage, from: 'cors: false,', to: '' },
  },
  {
    mistake: 'a public bucket',
    rule: 'the bucket answers over TLS alone and gives nobody else access',
    edit: { file: storage, from: 'enforceHttps: true', to: "access: 'public'" },
  },
  {
    mistake: 'a bucket of production that is emptied on removal, which is SST’s default',
    rule: files,
    edit: {
      file: storage,
      from: "transform: { bucket: { forceDestroy: $app.stage !== 'production' } },",
      to: '',
    },
  },
  {
    mistake: 'a bucket of dev that cannot be removed',
    rule: files,
    stage: 'dev',
    edit: { file: storage, from: "forceDestroy: $app.stage !== 'production'", to: 'forceDestroy: false' },
  },
  {
    mistake: 'replaced versions that are kept for ever',
    rule: 'files expire, replaced versions and broken uploads too',
    edit: {
      file: storage,
      from: 'noncurrentVersionExpiration: { noncurrentDays: noncurrentVersionDays },',
      to: '',
    },
  },
  {
    mistake: 'the prefix that a stage writes in place of the one that it reads',
    rule: notifications,
    edit: {
      file: storage,
      from: 'filterPrefix: stages[name].readsPrefix',
      to: 'filterPrefix: stages[name].writesPrefix',
    },
  },
  {
    mistake: 'events of deletions, which are among SST’s defaults',
    rule: notifications,
    edit: {
      file: storage,
      from: "events: ['s3:ObjectCreated:*']",
      to: "events: ['s3:ObjectCreated:*', 's3:ObjectRemoved:*']",
    },
  },
  {
    mistake: 'notifications before the queue policy exists',
    rule: 'S3 is told to notify only when the queues let it',
    edit: {
      file: storage,
      from: '{ dependsOn: readers.map((name) => deployed[name].queuePolicy) }',
      to: '{}',
    },
  },
  {
    mistake: 'names that SST makes up',
    rule: 'the functions are these seven, named after project and stage',
    edit: { file: createFunction, from: '    name,\n', to: '' },
  },
  {
    mistake: 'the architecture that is SST’s default',
    rule: 'every function runs on Node 24 and arm64',
    edit: { file: createFunction, from: "architecture: 'arm64',", to: '' },
  },
  {
    mistake: 'a timeout that is not the topology’s',
    rule: 'the stages have the time and the memory of the topology, the API less than its gateway waits',
    edit: { file: createFunction, from: '{options.timeoutSeconds} seconds', to: '{20} seconds' },
  },
  {
    mistake: 'a handler in another place',
    rule: 'every function is bundled from its own file, minified, its source map beside it',
    edit: { file: createFunction, from: 'packages/functions/', to: 'packages/handlers/' },
  },
  {
    mistake: 'logs that are kept for ever',
    rule: 'logs are kept for a month, in a group of the function’s own',
    edit: { file: createFunction, from: "retention: '1 month'", to: "retention: 'forever'" },
  },
  {
    mistake: 'a secret for a stage that has no use for it',
    rule: 'a function knows its bucket and its deployment, and the names of the secrets that it uses alone',
    edit: {
      file: pipeline,
      from: "secrets: ['steamApiKey'],",
      to: "secrets: ['steamApiKey', 'databaseUrl'],",
    },
  },
  {
    mistake: 'roles that the account’s root may assume, which is SST’s default',
    rule: trust,
    edit: {
      file: createFunction,
      from: "assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: 'lambda.amazonaws.com' }),",
      to: '',
    },
  },
  {
    mistake: 'functions in a network that nobody configured',
    rule: 'no function stands in a network unless one is configured',
    edit: {
      file: createFunction,
      from: 'const vpc = options.usesDatabase ? deployment.settings.vpc : undefined;',
      to: "const vpc = { privateSubnets: ['subnet-1'], securityGroups: ['sg-1'] };",
    },
  },
  {
    mistake: 'a schedule that runs once a day',
    rule: 'lost events are looked for every hour',
    edit: { file: pipeline, from: 'rate(1 hour)', to: 'rate(1 day)' },
  },
  {
    mistake: 'an enrichment that may also write raw files',
    rule: 'no stage may write where its own events come from',
    edit: { file: pipeline, from: "'enriched/', 'rejects/'", to: "'enriched/', 'rejects/', 'raw/'" },
  },
  {
    mistake: 'a wildcard action',
    rule: 'no role is granted a wildcard action or every resource',
    edit: { file: permissions, from: "['s3:GetObject']", to: "['s3:*']" },
  },
  {
    mistake: 'every resource',
    rule: 'no role is granted a wildcard action or every resource',
    edit: {
      file: permissions,
      from: '  resources: [secret.arn],',
      to: "  resources: ['*'],",
    },
  },
  {
    mistake: 'a prefix without its slash, which covers others that begin alike',
    rule: exactGrants,
    edit: {
      file: permissions,
      from: 'prefixes.map((prefix) => $interp',
      to: 'prefixes.map((prefix) => prefix.slice(0, -1)).map((prefix) => $interp',
    },
  },
  {
    mistake: 'links in place of permissions, which grant everything',
    rule: exactGrants,
    edit: {
      file: createFunction,
      from: '    vpc,\n',
      to: '    vpc,\n    link: [deployment.bucket],\n',
    },
  },
  {
    mistake: 'a call without a token',
    rule: routes,
    edit: { file: api, from: 'api.route(route, handler.arn, { auth })', to: 'api.route(route, handler.arn)' },
  },
  {
    mistake: 'a path that the contract does not have',
    rule: routes,
    edit: { file: api, from: '/queues/{stage}/redrive', to: '/queues/{stage}/retry' },
  },
  {
    mistake: 'a removed token that is good for an hour',
    rule: 'the authorizer reads the Authorization header and is remembered for a minute at most',
    edit: { file: api, from: 'authorizerCacheSeconds = 60', to: 'authorizerCacheSeconds = 3600' },
  },
  {
    mistake: 'an API without throttling',
    rule: 'the API is throttled and logs each request, without its token',
    edit: { file: api, from: 'throttlingRateLimit: throttling.rateLimit,', to: '' },
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
      from: '  return api;\n',
      to: "  new aws.lambda.Permission('Open', { action: 'lambda:InvokeFunction', function: handler.name, principal: '*' });\n  return api;\n",
    },
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
    mistake: 'a secret’s value in the state',
    rule: 'the four secrets exist, empty',
    edit: {
      file: secrets,
      from: '  return {\n    steamApiKey:',
      to: "  new aws.secretsmanager.SecretVersion('Value', { secretId: 'a', secretString: 'b' });\n  return {\n    steamApiKey:",
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
    rule: 'silence is no alarm, and every alarm has a sentence',
    edit: { file: monitoring, from: "'notBreaching'", to: "'breaching'" },
  },
  {
    mistake: 'a dashboard without the dead letters',
    rule: 'the dashboard shows requests, queues, ages, dead letters, durations and matches',
    edit: {
      file: dashboard,
      from: '      deadLetterQueueName(deployment, name),',
      to: '      queueName(deployment, name),',
    },
  },
  {
    mistake: 'counts of another stage’s log',
    rule: 'matched and unmatched games are counted from the enrichment’s log',
    edit: {
      file: pipeline,
      from: 'countMatches(deployment, igdbEnrichment.function)',
      to: 'countMatches(deployment, steamImport.function)',
    },
  },
];
