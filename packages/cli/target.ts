import type { AwsEndpoint } from '@savepoint/adapters/aws-endpoint.ts';

/** A deployment, on this machine or in the cloud, and how to reach its parts. */
export type Target = {
  /** As in “the local stack”. */
  name: string;
  aws: AwsEndpoint;
  /** Whether S3 and SQS are those that the local stack brings: SQS is one server, which knows all of its messages. */
  awsIsEmbedded: boolean;
  /** Of the local stack; null where it runs elsewhere. */
  dataDir: string | null;
  /** What `savepoint simulate` may do to it. */
  troubles: readonly string[];
  bucketName: string;
  /** The first part of every queue's name. */
  deployment: string;
  /** Null where nobody knows the HTTP API's address. */
  apiUrl: string | null;
  /** Null where the API asks for none. */
  apiToken(): Promise<string | null>;
  /** @throws CommandFailure, PipelineError SECRET_… */
  databaseUrl(): Promise<string>;
};
