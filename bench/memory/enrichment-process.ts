/**
 * The enrichment handler in a process of its own, as Lambda runs it, which then tells its peak memory:
 * `node enrichment-process.ts <raw key>`, with the functions' environment.
 */
import { createIgdbEnrichment } from '@savepoint/functions/igdb-enrichment.ts';
import { readEnv } from '@savepoint/functions/runtime/env.ts';
import { createJsonLog } from '@savepoint/functions/runtime/log.ts';

const env = readEnv(process.env, ['igdbCredentials']);
const enrich = createIgdbEnrichment(env, createJsonLog('igdb-enrichment', env), { instances: 1 });
const startedAt = performance.now();
const answer = await enrich({ s3_key: process.argv[2] });
console.log(
  JSON.stringify({
    answer,
    seconds: (performance.now() - startedAt) / 1000,
    peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);
