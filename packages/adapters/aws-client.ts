import type { AwsEndpoint } from './aws-endpoint.ts';

/** How long a client of AWS waits for what. By themselves the SDK's clients wait for ever. */
export type AwsLimits = {
  /** Until the connection stands. */
  connectSeconds: number;
  /** Of each try, until the answer begins; the sending of the body counts. */
  answerSeconds: number;
  /** Without a byte, while the answer comes. */
  idleSeconds?: number | undefined;
  /** The first one included. */
  tries: number;
};

export const awsLimits = {
  /** No idle limit: a reader that is busy with what it has read is no fault of S3. The bucket measures its own waits. */
  s3: { connectSeconds: 3, answerSeconds: 20, tries: 3 },
  /** Both must outlast the longest poll that the project asks for, which waits for one second. */
  sqs: { connectSeconds: 3, answerSeconds: 8, idleSeconds: 8, tries: 3 },
  secretsManager: { connectSeconds: 2, answerSeconds: 5, idleSeconds: 5, tries: 3 },
  cloudWatch: { connectSeconds: 2, answerSeconds: 6, idleSeconds: 6, tries: 2 },
  logs: { connectSeconds: 3, answerSeconds: 20, idleSeconds: 20, tries: 3 },
  /** As long as a function may run. */
  lambda: { connectSeconds: 3, answerSeconds: 310, idleSeconds: 310, tries: 1 },
  /** Somebody waits before a screen, and a gateway that gives up after 30 s. */
  lambdaInCall: { connectSeconds: 2, answerSeconds: 22, idleSeconds: 22, tries: 1 },
  lambdaSettings: { connectSeconds: 3, answerSeconds: 10, idleSeconds: 10, tries: 3 },
  sts: { connectSeconds: 3, answerSeconds: 10, idleSeconds: 10, tries: 2 },
  sns: { connectSeconds: 2, answerSeconds: 5, idleSeconds: 5, tries: 3 },
} as const satisfies Record<string, AwsLimits>;

/** What every client of AWS is made with. */
export const awsClientOptions = (
  { region, endpointUrl, credentials }: AwsEndpoint,
  { connectSeconds, answerSeconds, idleSeconds, tries }: AwsLimits,
) => ({
  region,
  ...(credentials && { credentials }),
  ...(endpointUrl ? { endpoint: endpointUrl } : {}),
  maxAttempts: tries,
  requestHandler: {
    connectionTimeout: connectSeconds * 1000,
    requestTimeout: answerSeconds * 1000,
    throwOnRequestTimeout: true,
    ...(idleSeconds === undefined ? {} : { socketTimeout: idleSeconds * 1000 }),
  },
});
