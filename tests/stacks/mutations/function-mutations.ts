import type { Mutation } from './mutation.ts';

const pipeline = 'stacks/pipeline.ts';
const permissions = 'stacks/permissions.ts';
const createFunction = 'stacks/function.ts';
const exactGrants = 'each function may do exactly what is written here';
const trust = 'a function’s role is trusted by Lambda alone and has no policy written elsewhere';

export const functionMutations: Mutation[] = [
  {
    mistake: 'names that SST makes up',
    rule: 'the functions are these ten, named after project and stage',
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
    mistake: 'IGDB searched by as many as call',
    rule: 'IGDB is searched once at a time, and no other function keeps concurrency from the others',
    edit: { file: 'stacks/search.ts', from: '    atOnce: 1,\n', to: '' },
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
      file: 'packages/core/secrets.ts',
      from: "readers: ['database-import', 'migrate', 'forget'],",
      to: "readers: ['database-import', 'migrate', 'forget', 'steam-import'],",
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
      from: 'const network = options.usesDatabase ? deployment.settings.vpc : undefined;',
      to: "const network = { privateSubnets: ['subnet-1'], securityGroups: ['sg-1'] };",
    },
  },
  {
    mistake: 'open imports that are looked at once a day',
    rule: 'lost events are looked for every hour, dropped files too every day, followed libraries every five minutes',
    edit: { file: pipeline, from: 'rate(1 hour)', to: 'rate(1 day)' },
  },
  {
    mistake: 'an enrichment that may also write raw files',
    rule: 'no stage may write where its own events come from',
    edit: {
      file: pipeline,
      from: 'uploadObjects(bucket, prefixes.enriched),',
      to: 'uploadObjects(bucket, prefixes.enriched, prefixes.raw),',
    },
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
      from: "place.endsWith('/') ?",
      to: "place.endsWith('/') ? place.slice(0, -1).concat('*') : false ?",
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
];
