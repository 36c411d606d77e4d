import type { SQSClient } from '@aws-sdk/client-sqs';
import { forgetting, queueName, type StageName, stageNames, stages } from '@savepoint/core/topology.ts';
import { createDatabaseImport } from '@savepoint/functions/database-import.ts';
import { createForget } from '@savepoint/functions/forget.ts';
import { createIgdbEnrichment } from '@savepoint/functions/igdb-enrichment.ts';
import type { Env } from '@savepoint/functions/runtime/env.ts';
import type { Log } from '@savepoint/functions/runtime/log.ts';
import { type Metrics, noMetrics } from '@savepoint/functions/runtime/metrics.ts';
import { createSteamImport } from '@savepoint/functions/steam-import.ts';
import type { RateLimiter } from '@savepoint/adapters/igdb/rate-limiter.ts';
import { startEventSourceMapping } from './event-source-mapping.ts';
import type { Provisioned } from './provision.ts';

/**
 * The three handlers, each behind its queue, as Lambda would run them.
 * @param igdbLimiter of all that asks IGDB in this thread. @param metrics takes what they measure.
 */
export function startStages(
  env: Env,
  log: Log,
  sqs: SQSClient,
  { queues }: Pick<Provisioned, 'queues'>,
  igdbLimiter: RateLimiter,
  metrics: Metrics = noMetrics,
): { close(): Promise<void> } {
  const databaseImport = createInstances(() => createDatabaseImport(env, log, { metrics }));
  const handlers: Record<StageName, (event: unknown, context: never) => Promise<unknown>> = {
    'steam-import': createSteamImport(env, log, { metrics }),
    'igdb-enrichment': createIgdbEnrichment(env, log, { limiter: igdbLimiter, metrics }),
    'database-import': databaseImport.handler,
  };
  const mappings = stageNames.map((name) =>
    startEventSourceMapping({
      sqs,
      ...queues[name],
      stage: stages[name],
      handler: handlers[name] as never,
      concurrency: stages[name].maximumConcurrency,
      functionName: queueName(env.deployment, name),
      onError: (error) =>
        log.error(`${name} could not be run`, {
          reason: error instanceof Error ? error.message : String(error),
        }),
    }),
  );
  const forget = createInstances(() => createForget(env, log, { pollSeconds: 0 }));
  mappings.push(
    startEventSourceMapping({
      sqs,
      ...queues.forget,
      stage: forgetting,
      handler: forget.handler as never,
      concurrency: 1,
      functionName: queueName(env.deployment, forgetting.name),
      onError: (error) => log.error('forget could not be run', { reason: String(error) }),
    }),
  );
  return {
    close: async () => {
      await Promise.all(mappings.map((mapping) => mapping.stop()));
      await Promise.all([databaseImport.close(), forget.close()]);
    },
  };
}

type Instance = { handler: (event: unknown, context: never) => Promise<unknown>; close(): Promise<void> };

/**
 * As Lambda runs a function: each invocation has an instance to itself, which the next one uses again. A load that
 * closes its connection after a failure so closes nobody else's.
 */
function createInstances(create: () => Instance): Instance {
  const made: Instance[] = [];
  const idle: Instance[] = [];
  return {
    async handler(event, context) {
      const instance = idle.pop() ?? create();
      if (!made.includes(instance)) made.push(instance);
      try {
        return await instance.handler(event, context);
      } finally {
        idle.push(instance);
      }
    },
    close: async () => void (await Promise.all(made.map((instance) => instance.close()))),
  };
}
