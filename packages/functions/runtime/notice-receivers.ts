import type { Secret } from '@savepoint/adapters/secrets/secret.ts';

/** Who hears of an import's end; nobody, unless the deployment names them. */
export type NoticeReceivers = {
  topicArn: string | undefined;
  /** Nothing goes out unsigned: without a key the notices stay here, and the log says so. */
  webhook: { url: string; key: Secret | undefined } | undefined;
};
