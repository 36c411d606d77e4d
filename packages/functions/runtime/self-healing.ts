import { createHealingWaves } from '@savepoint/adapters/s3/healing-waves.ts';
import { createImportIndex } from '@savepoint/adapters/s3/import-index.ts';
import type { Bucket } from '@savepoint/adapters/s3/bucket.ts';
import { createImportStatusStore } from '@savepoint/adapters/s3/import-status-store.ts';
import { createDeadLetters } from '@savepoint/adapters/sqs/dead-letters.ts';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { heal, type Round } from '@savepoint/core/operations/heal.ts';
import { localDeployment } from '@savepoint/core/topology.ts';
import type { Env } from './env.ts';
import type { Log } from './log.ts';
import { createMetrics, noMetrics } from './metrics.ts';

/** A run of self-healing, told in log and metrics; nothing where it is switched off. */
export function createSelfHealing(
  { deployment, selfHealing }: Pick<Env, 'deployment' | 'selfHealing'>,
  log: Log,
  { bucket, sqs }: { bucket: Bucket; sqs: SQSClient },
): () => Promise<Round[]> {
  const metrics =
    deployment === localDeployment
      ? noMetrics
      : createMetrics(deployment, (line) => process.stdout.write(line));
  const ports = {
    deadLetters: createDeadLetters(sqs, deployment, { beforeSendingBack: createImportIndex(bucket).reopen }),
    statuses: createImportStatusStore(bucket),
    waves: createHealingWaves(bucket),
    now: () => new Date(),
  };
  return async () => {
    const rounds = selfHealing ? await heal(ports) : [];
    for (const round of rounds.filter(({ sent }) => sent > 0)) {
      log.info(round.step === 0 ? 'sent a dead letter back as a probe' : 'sent dead letters back', round);
      metrics.put(round.stage, { sent_back: round.sent });
    }
    return rounds;
  };
}
