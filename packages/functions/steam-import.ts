import { createFollows } from '@savepoint/adapters/s3/follows.ts';
import { createLibraryFiles } from '@savepoint/adapters/s3/library-files.ts';
import { createSteamClient } from '@savepoint/adapters/steam/steam-client.ts';
import { ImportRequest, newImportRequest } from '@savepoint/core/contracts/import-request.ts';
import { ValidationError } from '@savepoint/core/errors.ts';
import { noteFollowed } from '@savepoint/core/operations/follows.ts';
import { steamImport } from '@savepoint/core/stages/steam-import.ts';
import { isSteamId } from '@savepoint/core/steam-id.ts';
import { stages } from '@savepoint/core/topology.ts';
import * as v from 'valibot';
import { directRun } from './runtime/direct-run.ts';
import type { Env } from './runtime/env.ts';
import { lambdaHandler } from './runtime/lambda.ts';
import type { Log } from './runtime/log.ts';
import type { Metrics } from './runtime/metrics.ts';
import { createStageHandler } from './runtime/stage-handler.ts';
import { createStageRuntime } from './runtime/stage-runtime.ts';
import type { Job } from './runtime/stage-work.ts';

type ImportJob = Job & { request: ImportRequest };

const Payload = v.object({ steam_id: v.pipe(v.string(), v.guard(isSteamId)) });

export function createSteamImport(env: Env, log: Log, options: { metrics?: Metrics } = {}) {
  const runtime = createStageRuntime(env, log, options);
  const steam = createSteamClient({ apiUrl: env.steamApiUrl, apiKey: env.secret('steamApiKey') });
  const files = createLibraryFiles(runtime.bucket);
  const follows = createFollows(runtime.bucket);
  return createStageHandler<ImportJob>(
    {
      stage: stages['steam-import'],
      jobOfMessage,
      jobOfPayload,
      work: (jobs, { stopwatch }) =>
        Promise.allSettled(
          jobs.map(({ request }) =>
            steamImport(request, {
              getOwnedGames: (steamId) => stopwatch.time('steam', () => steam.getOwnedGames(steamId)),
              putLibrary: (...file) => stopwatch.time('s3', () => files.putLibrary(...file)),
            }),
          ),
        ),
      isQuiet: ({ request }) => request.followed === true,
      async ended({ request }, failure) {
        // What may pass says nothing of the person.
        if (!request.followed || failure?.retryable) return;
        const { steam_id: steamId, import_id: importId } = request;
        await noteFollowed({ steamId, importId }, failure, { follows });
      },
    },
    runtime,
  );
}

function jobOfMessage(body: unknown): ImportJob {
  const request = v.safeParse(ImportRequest, body);
  if (!request.success)
    throw new ValidationError(
      'MESSAGE_INVALID',
      `The message is no import request: ${request.issues[0].message}. Discard it and POST the import again.`,
    );
  return { request: request.output, importId: request.output.import_id, run: 'request' };
}

function jobOfPayload(payload: unknown): ImportJob {
  const parsed = v.safeParse(Payload, payload);
  if (!parsed.success)
    throw new ValidationError(
      'PAYLOAD_INVALID',
      'The payload must be an SQS event or {"steam_id": "<SteamID64 of a person, 17 digits, as a string>"}.',
    );
  const request = newImportRequest(parsed.output.steam_id, new Date());
  return { request, importId: request.import_id, run: directRun() };
}

export const handler = lambdaHandler('steam-import', (env, log) => createSteamImport(env, log));
