/**
 * The one description of the pipeline. `stacks/` deploys it, `packages/local` runs it on one machine, and the
 * functions read their limits from it, so that no two of them can disagree.
 */

export const stageNames = ['steam-import', 'igdb-enrichment', 'database-import'] as const;
export type StageName = (typeof stageNames)[number];
export const isStageName = (text: string): text is StageName =>
  (stageNames as readonly string[]).includes(text);

/** Where everything lies in the bucket: a prefix stands here and nowhere else. */
export const prefixes = {
  raw: 'raw/',
  enriched: 'enriched/',
  /** A person's library as it stands in the database, for reading. */
  exports: 'exports/',
  rejects: 'rejects/',
  overrides: 'overrides/',
  status: 'status/',
  /** Of all imports, the newest first. */
  index: 'index/',
  /** Of imports that have not ended. */
  open: 'open/imports/',
  /** Libraries that are imported again by themselves. */
  follows: 'follows/',
  state: 'state/',
  checkpoints: 'state/checkpoints/',
  healing: 'state/healing/',
  following: 'state/following/',
  /** That somebody was forgotten, and not who. */
  forgotten: 'state/forgotten/',
  indexed: 'state/indexed/',
  pending: 'open/pending/',
} as const;
export type Prefix = (typeof prefixes)[keyof typeof prefixes];

/** The library files that pass from stage to stage. */
export const libraryKinds = ['raw', 'enriched'] as const;
export type LibraryKind = (typeof libraryKinds)[number];

export type Stage = {
  name: StageName;
  /** The files whose ObjectCreated events feed the stage's queue; null where HTTP requests do. */
  reads: LibraryKind | null;
  /** The files that the stage writes; null where its result is rows. */
  writes: LibraryKind | null;
  functionTimeoutSeconds: number;
  memoryMb: number;
  /** SQS messages handed to one invocation. */
  batchSize: number;
  /** Seconds SQS may wait to fill a batch. */
  batchWindowSeconds: number;
  /** Invocations at once. AWS allows no fewer than 2 for an SQS event source. */
  maximumConcurrency: number;
  /** What people notice when this stage's dead-letter queue is not empty. */
  impact: string;
};

export const stages: Readonly<Record<StageName, Stage>> = {
  'steam-import': {
    name: 'steam-import',
    reads: null,
    writes: 'raw',
    functionTimeoutSeconds: 60,
    memoryMb: 512,
    batchSize: 1,
    batchWindowSeconds: 0,
    maximumConcurrency: 5,
    impact: 'Libraries that people asked for were not fetched from Steam.',
  },
  'igdb-enrichment': {
    name: 'igdb-enrichment',
    reads: 'raw',
    writes: 'enriched',
    // A large library takes several invocations; a short one, killed, is soon noticed.
    functionTimeoutSeconds: 300,
    memoryMb: 1024,
    batchSize: 10,
    batchWindowSeconds: 1,
    maximumConcurrency: 2,
    impact: 'Libraries were fetched but their games were not looked up, so they do not show.',
  },
  'database-import': {
    name: 'database-import',
    reads: 'enriched',
    writes: null,
    functionTimeoutSeconds: 300,
    memoryMb: 1024,
    batchSize: 1,
    batchWindowSeconds: 0,
    maximumConcurrency: 5,
    impact: 'Libraries are ready but did not reach the database, so people see old data.',
  },
};

/** What has a queue and a function like a stage, and is none: forgetting people. */
export const forgetting = {
  name: 'forget',
  functionTimeoutSeconds: 300,
  memoryMb: 512,
  batchSize: 1,
  batchWindowSeconds: 0,
  maximumConcurrency: 2,
} as const satisfies Omit<Stage, 'name' | 'reads' | 'writes' | 'impact'> & { name: string };
/** Later than any function that was at work when a person was forgotten has ended. SQS delays by 900 at the most. */
export const secondLookSeconds = 600;
export const forgottenDays = 14;

/** Whoever works off a queue. */
export type Worker = Pick<
  Stage,
  'functionTimeoutSeconds' | 'memoryMb' | 'batchSize' | 'batchWindowSeconds' | 'maximumConcurrency'
> & { name: StageName | typeof forgetting.name };

/** The stage that works on such a file. */
export const readerOf = (kind: LibraryKind): Stage =>
  stageNames.map((name) => stages[name]).find(({ reads }) => reads === kind)!;

/** Deliveries of one message, the first included, before it belongs in the dead-letter queue. */
export const maxReceiveCount = 11;
export const deadLetterRetentionDays = 14;
/** Outlasts all attempts when each is put off for as long as SQS can hide a message. */
export const messageRetentionDays = 7;
/** AWS asks for six function timeouts, so that throttled batches do not burn receives. */
export const visibilityTimeoutSeconds = (
  stage: Pick<Stage, 'functionTimeoutSeconds' | 'batchWindowSeconds'>,
): number => 6 * stage.functionTimeoutSeconds + stage.batchWindowSeconds;

/** Delay before attempt n+1: base · 2^(n-1), jittered, at most `maxSeconds`. See `retrySpan` for what they add up to. */
export type RetrySchedule = { baseSeconds: number; maxSeconds: number };
export const retrySchedules = {
  cloud: { baseSeconds: 60, maxSeconds: 1800 },
  /** All attempts within two minutes. */
  local: { baseSeconds: 1, maxSeconds: 12 },
} as const satisfies Record<string, RetrySchedule>;

export const eventSuffix = '.csv';
export const requestBodyLimitBytes = 16 * 1024;
export const libraryFileLimitBytes = 256 * 1024 * 1024;

/** IGDB's limits hold for a Client-ID over all machines, so instances share them. */
export const igdbLimits = { requestsPerSecond: 4, openRequests: 8 } as const;

export const project = 'savepoint';
/**
 * `deployment` is the first part of every name: `savepoint-production`, `savepoint-local` on one machine. SST calls its
 * second part a stage.
 */
export const queueName = (deployment: string, worker: Worker['name']): string => `${deployment}-${worker}`;
export const deadLetterQueueName = (deployment: string, worker: Worker['name']): string =>
  `${queueName(deployment, worker)}-dlq`;
export const localDeployment = `${project}-local`;
