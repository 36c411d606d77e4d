import { PutObjectCommand } from '@aws-sdk/client-s3';
import { createIgdbClient } from '@savepoint/adapters/igdb/igdb-client.ts';
import { libraryKeyOf, printLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import { createIgdbEnrichment } from '@savepoint/functions/igdb-enrichment.ts';
import { readEnv } from '@savepoint/functions/runtime/env.ts';
import { createJsonLog } from '@savepoint/functions/runtime/log.ts';
import {
  type Simulators,
  type SyntheticOptions,
  startSimulators,
  syntheticCatalogue,
} from '@savepoint/simulators/start-simulators.ts';
import { startStorage } from '../storage.ts';

const latencyMs = 120;
const key = printLibraryKey(libraryKeyOf('raw', '76561197960287930-20260101T000000000Z'));

export type EnrichmentCost = {
  matched: number;
  uidRequests: number;
  nameRequests: number;
  searchRequests: number;
  /** Refused with 429. */
  refused: number;
  seconds: number;
};

/** One library through the enrichment's own handler, with the simulators' limits and latency in force. */
export async function measureEnrichment(options: SyntheticOptions): Promise<EnrichmentCost> {
  const catalogue = syntheticCatalogue(options);
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
    const enrich = createIgdbEnrichment(env, createJsonLog('igdb-enrichment', env), { instances: 1 });
    const startedAt = performance.now();
    const answer = await enrich({ s3_key: key });
    const elapsed = (performance.now() - startedAt) / 1000;
    return {
      ...countRequests(simulators),
      matched: (answer as { matched: number }).matched,
      seconds: elapsed,
    };
  } finally {
    await storage.close();
    await simulators.close();
  }
}

function countRequests({ requests }: Simulators) {
  const igdb = requests.filter(({ api }) => api === 'igdb');
  const to = (...paths: string[]) => igdb.filter(({ path }) => paths.includes(path)).length;
  return {
    uidRequests: to('/v4/external_games'),
    nameRequests: to('/v4/games', '/v4/alternative_names'),
    searchRequests: to('/v4/multiquery'),
    refused: igdb.filter(({ status }) => status === 429).length,
  };
}

/**
 * How it is done without batches, and was done before: one `external_games` request for each app, nothing for those
 * that this does not find. Through the same client, at the same limits, latency and spacing.
 * @returns seconds a request
 */
export async function measureOneRequestPerApp(apps: number): Promise<number> {
  const catalogue = syntheticCatalogue({ apps, knownByUid: 1, knownByName: 0 });
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
    await Promise.all(catalogue.apps.map(({ appid }) => igdb.findGamesBySteamAppId([appid])));
    return (performance.now() - startedAt) / 1000 / apps;
  } finally {
    await simulators.close();
  }
}
