import { setImmediate as turn } from 'node:timers/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { createIgdbClient } from '@savepoint/adapters/igdb/igdb-client.ts';
import { libraryKeyOf, printLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import { createIgdbEnrichment } from '@savepoint/functions/igdb-enrichment.ts';
import { readEnv } from '@savepoint/functions/runtime/env.ts';
import { createJsonLog } from '@savepoint/functions/runtime/log.ts';
import { type Catalogue, type Simulators, startSimulators } from '@savepoint/simulators/start-simulators.ts';
import { startStorage } from '../storage.ts';
import { knownByUid } from './catalogues.ts';

/** Of each answer of Steam, Twitch and IGDB. */
export const latencyMs = 120;
const key = printLibraryKey(libraryKeyOf('raw', '76561197960287930-20260101T000000000Z'));

export type EnrichmentCost = {
  matched: number;
  seconds: number;
  /** The same library by a new instance, which knows what the first one left in the bucket. */
  againSeconds: number;
  /** To IGDB, of the first time. */
  requests: number;
  /** Of which were refused with 429. */
  refused: number;
};

/**
 * A library of all apps of the catalogue through the enrichment's own handler, which knows nothing yet, with the
 * simulators' limits and latency in force.
 */
export async function measureEnrichment(catalogue: Catalogue): Promise<EnrichmentCost> {
  const simulators = await startSimulators({ latencyMs, catalogue, accounts: [] });
  const storage = await startStorage();
  try {
    const rows = catalogue.apps.map(({ appid, name }) => `${appid},"${name}"\n`);
    const Body = `appid,name\n${rows.join('')}`;
    await storage.s3.send(new PutObjectCommand({ Bucket: storage.bucket, Key: key, Body }));
    const env = readEnv(
      {
        ...storage.variables,
        LOG_LEVEL: 'SILENT',
        STEAM_API_URL: simulators.steamApiUrl,
        IGDB_API_URL: simulators.igdbApiUrl,
        IGDB_TOKEN_URL: simulators.igdbTokenUrl,
        IGDB_CLIENT_ID: simulators.igdbClientId,
        IGDB_CLIENT_SECRET: simulators.igdbClientSecret,
      },
      ['igdbCredentials'],
    );
    const log = createJsonLog('igdb-enrichment', env);
    const enrichAnew = async () => {
      const startedAt = performance.now();
      const answer = await createIgdbEnrichment(env, log, { instances: 1 })({ s3_key: key });
      const seconds = (performance.now() - startedAt) / 1000;
      return { seconds, matched: (answer as { matched: number }).matched };
    };
    const first = await enrichAnew();
    const cost = { ...first, ...countRequests(simulators) };
    return { ...cost, againSeconds: (await enrichAnew()).seconds };
  } finally {
    await storage.close();
    await simulators.close();
  }
}

function countRequests({ requests }: Simulators) {
  const igdb = requests.filter(({ api }) => api === 'igdb');
  return { requests: igdb.length, refused: igdb.filter(({ status }) => status === 429).length };
}

/**
 * How it is done without batches, and was done before: one `external_games` request for each app, nothing for those
 * that this does not find. Through the same client, at the same limits, latency and spacing.
 * @returns seconds a request
 */
export async function measureOneRequestPerApp(apps: number): Promise<number> {
  const catalogue = knownByUid(apps);
  const simulators = await startSimulators({ latencyMs, catalogue, accounts: [] });
  try {
    const igdb = createIgdbClient({
      apiUrl: simulators.igdbApiUrl,
      tokenUrl: simulators.igdbTokenUrl,
      credentials: async () => ({
        clientId: simulators.igdbClientId,
        clientSecret: simulators.igdbClientSecret,
      }),
      tokenStore: { read: async () => null, write: async () => undefined },
      instances: 1,
    });
    const startedAt = performance.now();
    const asked: Promise<unknown>[] = [];
    for (const { appid } of catalogue.apps) {
      asked.push(igdb.findGamesBySteamAppId([appid]));
      // The client puts into one request what is asked in one turn.
      await turn();
    }
    await Promise.all(asked);
    return (performance.now() - startedAt) / 1000 / apps;
  } finally {
    await simulators.close();
  }
}
