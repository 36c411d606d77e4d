import { stageNames } from '@savepoint/core/topology.ts';
import type { BundledCloud } from '../../tools/rehearsal/bundled-cloud.ts';

type Reason = {
  /** `all`, or the functions that have it. */
  functions: readonly string[] | 'all';
  actions: readonly string[];
  /** A part of the resource, or of the prefix that may be listed. */
  on: string;
  reason: string;
};

/** What a role allows although the day of the bundles (`tools/rehearsal/day.ts`) never asks for it. */
export const unusedGrants: Reason[] = [
  {
    functions: 'all',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    on: ':log-group:',
    reason: 'Lambda itself writes what a function prints, with its role.',
  },
  {
    functions: [...stageNames, 'forget'],
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    on: ':sqs:',
    reason: 'Lambda itself receives and deletes for a function, with its role.',
  },
  {
    functions: [...stageNames, 'api', 'reconcile', 'follow', 'forget'],
    actions: ['s3:PutObject', 's3:ListBucket'],
    on: 'state/log-key.json',
    reason: 'Whoever comes first makes the key by which logs name people; nobody knows who that is.',
  },
  {
    functions: ['igdb-enrichment', 'database-import'],
    actions: ['sqs:ChangeMessageVisibility', 'sqs:GetQueueUrl'],
    on: ':sqs:',
    reason: 'A message waits while IGDB or PostgreSQL is away, which they are not in this day.',
  },
  {
    functions: ['igdb-enrichment'],
    actions: ['sqs:SendMessage', 's3:PutObject'],
    on: '',
    reason: 'A look-up that runs out of time keeps a checkpoint and goes on as a new message.',
  },
  {
    functions: ['api'],
    actions: ['s3:DeleteObject'],
    on: '/open/imports/',
    reason: 'Reconciling closes an import whose function died behind its last word.',
  },
  {
    functions: ['api', 'forget'],
    actions: ['s3:ListBucketVersions', 's3:DeleteObjectVersion'],
    on: '',
    reason: 'The embedded S3 keeps no versions; S3 itself does.',
  },
  {
    functions: ['forget'],
    actions: [
      's3:GetObject',
      's3:DeleteObject',
      's3:ListBucket',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueUrl',
      'sqs:SendMessage',
    ],
    on: '',
    reason: 'Not everything that a person can have is there at the end of this day.',
  },
  {
    functions: ['igdb-search'],
    actions: ['s3:PutObject', 's3:ListBucket'],
    on: 'state/igdb-token.json',
    reason: 'It finds the token that an enrichment stored; before the first one it fetches one itself.',
  },
  {
    functions: ['igdb-enrichment'],
    actions: ['s3:AbortMultipartUpload'],
    on: 'enriched/*',
    reason: 'A file whose upload in parts fails is taken back.',
  },
  {
    functions: ['igdb-enrichment', 'reconcile'],
    actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
    on: 'open/pending/*',
    reason:
      'Apps of which IGDB refused a question are asked for again after an hour, for which this day does not wait.',
  },
  {
    functions: ['reconcile'],
    actions: ['s3:PutObject', 's3:DeleteObject'],
    on: '',
    reason:
      'Imports of before the index are taken into it, and those that died with their function are closed.',
  },
  {
    functions: ['reconcile'],
    actions: [
      'sqs:SendMessage',
      'sqs:GetQueueUrl',
      'sqs:GetQueueAttributes',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
    ],
    on: ':sqs:',
    reason: 'Self-healing is played with letters of steam-import alone.',
  },
];

/** @returns grants that nothing used and nobody gave a reason for, and reasons that stand for no unused grant. */
export function compareUse({ grants, deployment }: BundledCloud) {
  const unused = grants
    .filter(({ used }) => !used)
    .map(({ functionName, grant }) => ({
      name: functionName.slice(deployment.length + 1),
      action: grant.action,
      on: `${grant.resource}${grant.prefix === undefined ? '' : ` ${grant.prefix}`}`,
    }));
  const explains = ({ functions, actions, on }: Reason, grant: (typeof unused)[number]) =>
    (functions === 'all' || functions.includes(grant.name)) &&
    actions.includes(grant.action) &&
    grant.on.includes(on);
  return {
    unused: unused
      .filter((grant) => !unusedGrants.some((reason) => explains(reason, grant)))
      .map(({ name, action, on }) => `${name}: ${action} ${on}`),
    reasonsWithoutGrant: unusedGrants
      .filter((reason) => !unused.some((grant) => explains(reason, grant)))
      .map(({ reason }) => reason),
  };
}
