import { createIgdbClient, type IgdbClientOptions } from '@savepoint/adapters/igdb/igdb-client.ts';
import { createEnrichmentState } from '@savepoint/adapters/s3/enrichment-state.ts';
import { createLookupMemoryObject } from '@savepoint/adapters/s3/lookup-memory-object.ts';
import { createLibraryFiles } from '@savepoint/adapters/s3/library-files.ts';
import { createPendingImports } from '@savepoint/adapters/s3/pending-imports.ts';
import { getAppTypes } from '@savepoint/adapters/steam/app-types.ts';
import { isAskingAgain } from '@savepoint/core/contracts/pending-import.ts';
import { freshnessOfRun } from '@savepoint/core/contracts/fresh-run.ts';
import { overridesUnusable } from '@savepoint/core/enrichment/load-overrides.ts';
import type { Refusal } from '@savepoint/core/enrichment/refused-step.ts';
import { PipelineError } from '@savepoint/core/errors.ts';
import { igdbEnrichment } from '@savepoint/core/stages/igdb-enrichment.ts';
import { stages } from '@savepoint/core/topology.ts';
import type { Env } from './runtime/env.ts';
import { igdbCredentials } from './runtime/igdb-credentials.ts';
import { lambdaHandler } from './runtime/lambda.ts';
import { type LibraryJob, libraryJobsOf } from './runtime/library-job.ts';
import type { Log } from './runtime/log.ts';
import type { Metrics } from './runtime/metrics.ts';
import { createSharedMemory } from './runtime/shared-memory.ts';
import { createStageHandler } from './runtime/stage-handler.ts';
import { createStageRuntime } from './runtime/stage-runtime.ts';

/** Time kept back to store what is known and let the messages return. */
const reserveSeconds = 60;

/**
 * @param options.instances processes that share IGDB's limits; the topology's concurrency unless told otherwise.
 * @param options.limiter in place of one of its own, where something else in this process asks IGDB too.
 */
export function createIgdbEnrichment(
  env: Env,
  log: Log,
  { metrics, ...options }: Pick<IgdbClientOptions, 'instances' | 'limiter'> & { metrics?: Metrics } = {},
) {
  const runtime = createStageRuntime(env, log, { metrics });
  const files = createLibraryFiles(runtime.bucket);
  const { igdbToken, ...state } = createEnrichmentState(runtime.bucket);
  const igdb = createIgdbClient({
    apiUrl: env.igdbApiUrl,
    tokenUrl: env.igdbTokenUrl,
    credentials: igdbCredentials(env.secret('igdbCredentials')),
    tokenStore: igdbToken,
    onLeftOut: (leftOut) => {
      log.warn('IGDB does not take some fields of games: they are left out for an hour', leftOut);
      runtime.metrics.put(stages['igdb-enrichment'].name, { igdb_refused_fields: leftOut.fields.length });
    },
    ...options,
  });
  const pending = createPendingImports(runtime.bucket);
  const memory = createSharedMemory(createLookupMemoryObject(runtime.bucket), log);
  // Under way while the first library is read.
  memory.refresh();
  return createStageHandler<LibraryJob>(
    {
      stage: stages['igdb-enrichment'],
      ...libraryJobsOf('raw'),
      work: async (jobs, { stopwatch, remainingSeconds, progress }) => {
        const before = igdb.stats();
        memory.refresh();
        const refusals: Refusal[] = [];
        const outcomes = await igdbEnrichment(
          jobs.map(({ key, run }) => ({ ...key, again: isAskingAgain(run), fresh: freshnessOfRun(run) })),
          {
            ...files,
            ...state,
            pending,
            igdb: igdb.withSignal(
              AbortSignal.timeout(Math.max(0, Math.round((remainingSeconds() - reserveSeconds) * 1000))),
            ),
            memory,
            now: Date.now,
            getAppTypes: async (appIds) => {
              const answers = await stopwatch.time('steam', () =>
                getAppTypes(appIds, { apiUrl: env.steamApiUrl }),
              );
              const { size: apps } = answers.unansweredAppIds;
              if (apps > 0) log.warn("Steam's store did not answer; names decide", { apps });
              return answers;
            },
          },
          {
            shouldStop: () => remainingSeconds() < reserveSeconds,
            progress,
            onRefusal: (refusal) => {
              refusals.push(refusal);
              tellRefusal(refusal, log);
            },
          },
        ).catch((error) => {
          if (error instanceof PipelineError && error.code === overridesUnusable)
            runtime.metrics.put(stages['igdb-enrichment'].name, { overrides_unusable: jobs.length });
          throw error;
        });
        const after = igdb.stats();
        runtime.metrics.put(stages['igdb-enrichment'].name, {
          igdb_requests: after.requests - before.requests,
          igdb_rate_limited: after.rateLimited - before.rateLimited,
          igdb_refused_steps: refusals.filter(({ whole_step }) => whole_step).length,
        });
        return outcomes;
      },
      afterwards: () => memory.share(),
    },
    runtime,
  );
}

/** A step that IGDB does not take is a fault of this service, or IGDB's API has changed; a name alone is not. */
function tellRefusal(refusal: Refusal, log: Log): void {
  if (refusal.whole_step)
    log.error('IGDB refuses a step of the look-up: its apps are PENDING and asked for again', refusal);
  else log.warn('IGDB refuses to look for some apps: they are PENDING and asked for again', refusal);
}

export const handler = lambdaHandler('igdb-enrichment', (env, log) => createIgdbEnrichment(env, log));
