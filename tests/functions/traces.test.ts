import { createBucket } from '@savepoint/adapters/s3/bucket.ts';
import { readLogKey } from '@savepoint/adapters/s3/log-key.ts';
import { traceIdOf } from '@savepoint/adapters/otlp/trace-id.ts';
import { migrate } from '@savepoint/adapters/postgres/migrate.ts';
import { createDatabaseImport } from '@savepoint/functions/database-import.ts';
import { createIgdbEnrichment } from '@savepoint/functions/igdb-enrichment.ts';
import { readEnv } from '@savepoint/functions/runtime/env.ts';
import { createSteamImport } from '@savepoint/functions/steam-import.ts';
import { withServer } from '../adapters/http/test-server.ts';
import {
  capturePrinted,
  type FunctionEnvironment,
  people,
  startFunctionEnvironment,
} from '../support/function-environment.ts';
import { bucket } from '../support/pipeline-aws.ts';
import { objectCreated, sqsEvent, sqsRecord } from '../support/queue-events.ts';
import { createRecordingLog } from '../support/recording-log.ts';

let environment: FunctionEnvironment;
let printed: () => string;
beforeAll(async () => {
  environment = await startFunctionEnvironment();
  await migrate(environment.database.url);
  Object.assign(process.env, environment.variables);
  printed = capturePrinted();
});
afterAll(async () => {
  printed();
  await environment.close();
});

const importId = `${people.player}-20261101T000000000Z`;
const request = { steam_id: people.player, import_id: importId, requested_at: '2026-11-01T00:00:00.000Z' };

type Attribute = { key: string; value: Record<string, string> };
type SentSpan = {
  traceId: string;
  spanId: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Attribute[];
  status: { code: number; message?: string };
};
const spansIn = (body: string): SentSpan[] =>
  JSON.parse(body).resourceSpans.flatMap((each: { scopeSpans: { spans: SentSpan[] }[] }) =>
    each.scopeSpans.flatMap(({ spans }) => spans),
  );
const attribute = ({ attributes }: SentSpan, name: string) =>
  Object.values(attributes.find(({ key }) => key === name)?.value ?? {})[0];

const tracing = (url: string) => ({
  ...environment.variables,
  OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/collector/`,
  OTEL_EXPORTER_OTLP_HEADERS: 'api-key=CANARY%20key, x-tenant=games',
});

test('an import is one trace over all stages and attempts, which tells nobody whose it is', () =>
  withServer(
    (_request, response) => void response.writeHead(200).end('{}'),
    async ({ url, received }) => {
      const { simulators, aws } = environment;
      const env = readEnv(tracing(url), []);
      const log = createRecordingLog();
      const steamImport = createSteamImport(env, log);
      const load = createDatabaseImport(env, log);
      simulators.faults.steam.push({ status: 503, times: 20 });
      await steamImport(sqsEvent(sqsRecord(request)));
      simulators.faults.steam.length = 0;
      await steamImport(sqsEvent(sqsRecord(request)));
      const enrich = createIgdbEnrichment(env, log, { instances: 1 });
      await enrich(sqsEvent(sqsRecord(objectCreated(`raw/steam-library-${importId}.csv`))));
      await load.handler(
        sqsEvent(sqsRecord(objectCreated(`enriched/steam-library-${importId}-enriched.csv`))),
      );
      await load.close();

      expect(received.map(({ url: { pathname }, method }) => [method, pathname])).toEqual(
        Array.from({ length: 4 }, () => ['POST', '/collector/v1/traces']),
      );
      expect(received[0]!.headers).toMatchObject({
        'content-type': 'application/json',
        'api-key': 'CANARY key',
        'x-tenant': 'games',
      });
      const spans = received.flatMap(({ body }) => spansIn(body));
      const key = await readLogKey(createBucket(aws.s3, bucket));
      expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([traceIdOf(key, importId)]));
      expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(4);
      expect(
        spans.map((span) => [span.name, span.kind, span.status, attribute(span, 'savepoint.outcome')]),
      ).toEqual([
        ['steam-import', 5, { code: 2, message: 'STEAM_UNAVAILABLE' }, 'failed'],
        ['steam-import', 5, { code: 1 }, 'completed'],
        ['igdb-enrichment', 5, { code: 1 }, 'completed'],
        ['database-import', 5, { code: 1 }, 'completed'],
      ]);
      for (const { startTimeUnixNano, endTimeUnixNano } of spans)
        expect(BigInt(endTimeUnixNano) >= BigInt(startTimeUnixNano)).toBe(true);
      expect(received.map(({ body }) => body).join()).not.toContain(people.player);
      expect(log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)).not.toContain(
        'could not send traces',
      );
    },
  ));

test.each([
  ['refuses', { status: 401 }],
  ['is silent', { status: 0 }],
])('a collector that %s costs the import nothing but a line', (_what, { status }) =>
  withServer(
    (_request, response) => void (status && response.writeHead(status).end('{}')),
    async ({ url }) => {
      const log = createRecordingLog();
      const answer = await createSteamImport(readEnv(tracing(url), []), log)(sqsEvent(sqsRecord(request)));
      expect(answer).toEqual({ batchItemFailures: [] });
      expect(log.lines).toContainEqual(
        expect.objectContaining({
          level: 'warn',
          message: 'could not send traces',
          error_code: expect.stringMatching(/^TRACES_(REFUSED|NOT_SENT)$/),
        }),
      );
      expect(JSON.stringify(log.lines)).not.toContain('CANARY');
    },
  ),
);

test('without a collector there is nobody to send to', () => {
  expect(readEnv(environment.variables, []).traceCollector).toBeUndefined();
});
