import type { DeadLetters } from '@savepoint/adapters/sqs/dead-letters.ts';
import type { StageQueues } from '@savepoint/adapters/sqs/stage-queues.ts';
import {
  findImport,
  findSteamId,
  type ImportRecordsPort,
  listImports,
  requestImport,
} from '@savepoint/core/operations/imports.ts';
import type { SteamId } from '@savepoint/core/steam-id.ts';
import { isStageName, type StageName, stageNames } from '@savepoint/core/topology.ts';
import { type Context, Hono } from 'hono';
import * as v from 'valibot';
import type { Log } from '../runtime/log.ts';
import { answerProblem, HttpProblem } from './problem.ts';
import { bodyObject, readBody } from './request-body.ts';
import { isAuthorized } from './tokens.ts';
import { unknownRoute } from './unknown-route.ts';

export type ApiPorts = {
  records: ImportRecordsPort;
  queues: Pick<StageQueues, 'send' | 'depths'>;
  deadLetters: Pick<DeadLetters, 'list' | 'redrive'>;
  /** @throws SteamApiError STEAM_PROFILE_NOT_FOUND and others */
  resolveVanityName(vanityName: string): Promise<SteamId>;
  now(): Date;
  /** The tokens that may call; null when the gateway in front checks them, or nobody needs one. */
  tokens: readonly string[] | null;
  log: Log;
};

const ImportBody = bodyObject('{"steam_id": "76561197960287930"}', {
  steam_id: v.pipe(
    v.string(
      'must be a string: a SteamID64 in quotes, a Steam2 or Steam3 id, a profile address or a vanity name',
    ),
    v.maxLength(500, 'is longer than 500 characters'),
  ),
});
const RedriveBody = bodyObject('{"max": 10, "dry_run": true}', {
  import_id: v.optional(v.string('must be an import id')),
  max: v.optional(
    v.pipe(
      v.number('must be a number'),
      v.integer('must be a whole number'),
      v.minValue(1, 'must be at least 1'),
    ),
  ),
  dry_run: v.optional(v.boolean('must be true or false')),
});
const defaultListed = 20;
const maxListed = 100;
const ListedMax = v.pipe(
  v.optional(v.string(), String(defaultListed)),
  v.regex(/^\d+$/),
  v.transform(Number),
  v.minValue(1),
  v.maxValue(maxListed),
);

/** The HTTP API of the contract, for API Gateway and for the local stack alike. */
export function createApiApp(ports: ApiPorts): Hono {
  const app = new Hono();
  app.onError((error, context) => {
    const answer = answerProblem(context, error);
    if (answer.status >= 500)
      ports.log.error('a call failed', {
        path: context.req.path,
        status: answer.status,
        reason: error.message,
      });
    return answer;
  });
  app.notFound((context) => answerProblem(context, unknownRoute(app, context)));
  app.get('/health', (context) => context.json({ status: 'ok' }));
  app.use(async (context, next) => {
    if (ports.tokens !== null && !isAuthorized(context.req.header('authorization'), ports.tokens))
      throw new HttpProblem(
        401,
        'UNAUTHORIZED',
        'Send a valid token in the header Authorization: Bearer <token>.',
        {
          'www-authenticate': 'Bearer',
        },
      );
    await next();
  });

  const steamIdOf = (typed: string) => findSteamId(typed, ports.resolveVanityName);

  app.post('/imports', async (context) => {
    const body = await readBody(context, ImportBody);
    const { import_id, steam_id } = await requestImport(await steamIdOf(body.steam_id), {
      ...ports,
      sendRequest: (message) => ports.queues.send('steam-import', message),
    });
    const statusUrl = new URL(`/imports/${import_id}`, context.req.url).href;
    const answer = { import_id, steam_id, status: 'queued', status_url: statusUrl };
    return context.json(answer, 202, { location: statusUrl });
  });
  app.get('/imports', async (context) => {
    const typed = context.req.query('steam_id');
    const max = v.safeParse(ListedMax, context.req.query('max'));
    if (!max.success)
      throw new HttpProblem(400, 'MAX_INVALID', `max must be a number from 1 to ${maxListed}.`);
    const options = { steamId: typed === undefined ? undefined : await steamIdOf(typed), max: max.output };
    return context.json({ imports: await listImports(options, ports.records, ports.now()) });
  });
  app.get('/imports/:importId', async (context) => {
    const view = await findImport(context.req.param('importId'), ports.records, ports.now());
    if (view !== null) return context.json(view);
    throw new HttpProblem(
      404,
      'IMPORT_NOT_FOUND',
      'There is no import of this id. Ids look like 76561197960287930-20261123T043000123Z.',
    );
  });

  app.get('/queues', async (context) => context.json({ queues: await ports.queues.depths() }));
  app.get('/queues/:stage/dead-letters', async (context) =>
    context.json({ messages: await ports.deadLetters.list(stageOf(context)) }),
  );
  app.post('/queues/:stage/redrive', async (context) => {
    const stage = stageOf(context);
    const { import_id: importId, max, dry_run: dryRun } = await readBody(context, RedriveBody);
    return context.json(await ports.deadLetters.redrive(stage, { importId, max, dryRun }));
  });
  return app;
}

function stageOf(context: Context): StageName {
  const name = context.req.param('stage') ?? '';
  if (isStageName(name)) return name;
  throw new HttpProblem(
    404,
    'STAGE_NOT_FOUND',
    `There is no such stage; the stages are ${stageNames.join(', ')}.`,
  );
}
