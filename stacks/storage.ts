import type { Prefix } from '../packages/core/topology.ts';
import {
  deadLetterRetentionDays,
  eventSuffix,
  forgottenDays,
  prefixes,
  stageNames,
  stages,
} from '../packages/core/topology.ts';
import type { Settings } from '../packages/core/deployment/settings.ts';

/** Replaced and deleted versions stay this long, so that a mistake can be undone. */
const noncurrentVersionDays = 14;
/** A checkpoint serves the retries of one message, which end in the dead-letter queue. */
const checkpointDays = deadLetterRetentionDays;

/** A marker goes after two days; should nobody run what takes it away, it goes all the same. */
const pendingDays = 7;

/** The one bucket of the pipeline: private, encrypted, versioned, TLS only. */
export function createBucket(settings: Settings): sst.aws.Bucket {
  const bucket = new sst.aws.Bucket('Library', {
    cors: false,
    enforceHttps: true,
    // Two simultaneous writes to one key of an unversioned bucket may give a single event.
    versioning: true,
    transform: { bucket: { forceDestroy: $app.stage !== 'production' } },
  });
  new aws.s3.BucketServerSideEncryptionConfiguration('LibraryEncryption', {
    bucket: bucket.name,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' }, bucketKeyEnabled: true }],
  });
  new aws.s3.BucketLifecycleConfiguration('LibraryLifecycle', {
    bucket: bucket.name,
    rules: [
      expire(prefixes.raw, settings.rawExpiresDays),
      expire(prefixes.enriched, settings.enrichedExpiresDays),
      expire(prefixes.rejects, settings.enrichedExpiresDays),
      // Never before the files, or an import of a year ago would look as if it had not run.
      ...[prefixes.status, prefixes.index, prefixes.open].map((prefix) =>
        expire(prefix, Math.max(365, settings.rawExpiresDays, settings.enrichedExpiresDays)),
      ),
      expire(prefixes.checkpoints, checkpointDays),
      expire(prefixes.pending, pendingDays),
      expire(prefixes.forgotten, forgottenDays),
      {
        id: 'replaced-versions-and-broken-uploads',
        status: 'Enabled',
        filter: { prefix: '' },
        expiration: { expiredObjectDeleteMarker: true },
        noncurrentVersionExpiration: { noncurrentDays: noncurrentVersionDays },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
      },
    ],
  });
  return bucket;
}

const expire = (prefix: Prefix, days: number) => ({
  id: `${prefix.replaceAll('/', '-')}expires`,
  status: 'Enabled',
  filter: { prefix },
  expiration: { days },
});

/** A queue, and the policy without which S3 may not be told to send to it. */
type NotifiedQueue = { queue: sst.aws.Queue; queuePolicy: aws.sqs.QueuePolicy };

/**
 * Tells each stage that reads a prefix about new objects there. SST's `bucket.notify` is not used: the queue policy
 * that it writes has no condition, so that any bucket of any account could send.
 */
export function notifyStages(bucket: sst.aws.Bucket, deployed: Record<string, NotifiedQueue>): void {
  const readers = stageNames.flatMap((name) => {
    const { reads } = stages[name];
    return reads === null ? [] : [{ name, filterPrefix: prefixes[reads] }];
  });
  new aws.s3.BucketNotification(
    'LibraryNotification',
    {
      bucket: bucket.name,
      queues: readers.map(({ name, filterPrefix }) => ({
        id: name,
        queueArn: deployed[name].queue.arn,
        events: ['s3:ObjectCreated:*'],
        filterPrefix,
        filterSuffix: eventSuffix,
      })),
    },
    // S3 sends a test event at once and refuses a queue that it may not send to.
    { dependsOn: readers.map(({ name }) => deployed[name].queuePolicy) },
  );
}
