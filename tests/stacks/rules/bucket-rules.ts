import { eventSuffix, libraryKinds, prefixes, queueName, readerOf } from '@savepoint/core/topology.ts';
import type { Rule, StackView } from './stack-view.ts';
import { different, statementsOf } from './stack-view.ts';

type LifecycleRule = {
  status: string;
  filter: { prefix: string };
  expiration?: { days?: number; expiredObjectDeleteMarker?: boolean };
  noncurrentVersionExpiration?: { noncurrentDays: number };
  abortIncompleteMultipartUpload?: { daysAfterInitiation: number };
};

const lifecycle = (stack: StackView) => (stack.inputs('bucketLifecycle').rules ?? []) as LifecycleRule[];

export const bucketRules: Rule[] = [
  {
    rule: 'there is one bucket, versioned and encrypted',
    faults: (stack) => [
      ...different('the number of buckets', stack.all('bucket').length, 1),
      ...different('versioning', stack.inputs('bucketVersioning').versioningConfiguration, {
        status: 'Enabled',
      }),
      ...different('encryption', stack.inputs('bucketEncryption').rules, [
        { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' }, bucketKeyEnabled: true },
      ]),
    ],
  },
  {
    rule: 'the bucket is closed to the public and to browsers',
    faults: (stack) => {
      const { bucket: _bucket, ...block } = stack.inputs('publicAccessBlock');
      return [
        ...different('the public access block', block, {
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        }),
        ...different('CORS of the bucket', stack.all('bucketCors').length, 0),
      ];
    },
  },
  {
    rule: 'the bucket answers over TLS alone and gives nobody else access',
    faults: (stack) => {
      const arn = `arn:aws:s3:::${stack.inputs('bucket').bucket}`;
      return different('the bucket policy', statementsOf(stack.inputs('bucketPolicy').policy), [
        {
          Effect: 'Deny',
          Principal: '*',
          Action: ['s3:*'],
          Resource: [arn, `${arn}/*`],
          Condition: { Bool: { 'aws:SecureTransport': ['false'] } },
        },
      ]);
    },
  },
  {
    rule: 'files of production survive the stack, files of other stages go with it',
    faults: (stack) => {
      const isProduction = stack.stage === 'production';
      const [bucket] = stack.all('bucket');
      return [
        ...different('forceDestroy', bucket?.inputs.forceDestroy, !isProduction),
        ...different('retainOnDelete', bucket?.retainOnDelete, isProduction),
      ];
    },
  },
  {
    rule: 'files expire, replaced versions and broken uploads too',
    faults: (stack) => [
      ...different(
        'days until files expire',
        Object.fromEntries(
          lifecycle(stack)
            .filter(({ expiration }) => expiration?.days)
            .map(({ filter, expiration }) => [filter.prefix, expiration?.days]),
        ),
        {
          'raw/': 90,
          'enriched/': 90,
          'rejects/': 90,
          'status/': 365,
          'index/': 365,
          'open/imports/': 365,
          'state/checkpoints/': 14,
          'open/pending/': 7,
          'state/forgotten/': 14,
        },
      ),
      ...different(
        'what happens to replaced versions and broken uploads everywhere',
        lifecycle(stack)
          .filter(({ filter }) => filter.prefix === '')
          .map(({ expiration, noncurrentVersionExpiration, abortIncompleteMultipartUpload }) => [
            expiration,
            noncurrentVersionExpiration,
            abortIncompleteMultipartUpload,
          ]),
        [[{ expiredObjectDeleteMarker: true }, { noncurrentDays: 14 }, { daysAfterInitiation: 1 }]],
      ),
      ...lifecycle(stack)
        .filter(({ status }) => status !== 'Enabled')
        .map(({ filter }) => `the lifecycle rule for ${filter.prefix} is off`),
    ],
  },
  {
    rule: 'new CSV files under a prefix wake the stage that reads it, and nothing else does',
    faults: (stack) =>
      different(
        'the notifications',
        stack.inputs('bucketNotification').queues,
        libraryKinds
          .map((kind) => ({ name: readerOf(kind).name, filterPrefix: prefixes[kind] }))
          .map(({ name, filterPrefix }) => ({
            events: ['s3:ObjectCreated:*'],
            filterPrefix,
            filterSuffix: eventSuffix,
            id: name,
            queueArn: `arn:aws:sqs:eu-central-1:123456789012:${queueName(stack.deployment, name)}`,
          })),
      ),
  },
  {
    rule: 'S3 is told to notify only when the queues let it',
    faults: (stack) =>
      different('what the notification waits for', stack.all('bucketNotification')[0]?.dependsOn, [
        'IgdbEnrichmentMessagesPolicy',
        'DatabaseImportMessagesPolicy',
      ]),
  },
];
