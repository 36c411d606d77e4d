import type { Mutation } from './mutation.ts';

const storage = 'stacks/storage.ts';
const files = 'files of production survive the stack, files of other stages go with it';
const notifications = 'new CSV files under a prefix wake the stage that reads it, and nothing else does';

export const bucketMutations: Mutation[] = [
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
      from: 'filterPrefix: prefixes[reads]',
      to: 'filterPrefix: prefixes.rejects',
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
      from: '{ dependsOn: readers.map(({ name }) => deployed[name].queuePolicy) }',
      to: '{}',
    },
  },
];
