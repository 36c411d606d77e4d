import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import type { Catalogue } from './catalogue/catalogue.ts';
import { sampleCatalogue } from './catalogue/sample-catalogue.ts';
import { type Control, createControl, createIgdbData } from './control.ts';
import { drawCover } from './covers/draw-cover.ts';
import { createIgdbApi } from './igdb-api.ts';
import { foreignCaller } from './local-callers.ts';
import { makeSampleAccounts, type SteamAccount } from './steam-accounts.ts';
import { createSteamApi } from './steam-api.ts';
import { type ApiName, type Faults, type NodeEnv, type RecordedRequest, watchTraffic } from './traffic.ts';
import { createTrouble, type Trouble } from './trouble.ts';
import { createTokens, createTwitchApi } from './twitch-token.ts';

export type { Catalogue } from './catalogue/catalogue.ts';
export { sampleCatalogue } from './catalogue/sample-catalogue.ts';
export { type SyntheticOptions, syntheticCatalogue } from './catalogue/synthetic-catalogue.ts';
export type { Control } from './control.ts';
export { accountOwning, type OwnedApp, type SteamAccount, sampleAccounts } from './steam-accounts.ts';
export {
  type ApiName,
  type Fault,
  type Faults,
  type RecordedRequest,
  requestLimitTooHigh,
} from './traffic.ts';

export type SimulatorOptions = {
  /** On 127.0.0.1; default 0, any free one. */
  port?: number;
  /** What every answer takes longer. Default 0. */
  latencyMs?: number;
  /** Default 4, as the real IGDB. */
  igdbRequestsPerSecond?: number;
  /** Default 8, as the real IGDB. */
  igdbOpenRequests?: number;
  /** Default about 60 days, as the real Twitch. */
  tokenLifetimeSeconds?: number;
  /** Steam answers a wrong key with 403 or 401. Default 403. */
  badKeyStatus?: 401 | 403;
  /** Steam answers for an account that does not exist with 400 or 500. Default 400. */
  unknownAccountStatus?: 400 | 500;
  /** Default: the sample. */
  catalogue?: Catalogue;
  /** Default: those of `sampleAccounts`. */
  accounts?: readonly SteamAccount[];
};

export type Simulators = {
  steamApiUrl: string;
  /** `…/v4` */
  igdbApiUrl: string;
  /** `…/oauth2/token` */
  igdbTokenUrl: string;
  steamApiKey: string;
  igdbClientId: string;
  igdbClientSecret: string;
  /** Every request received, in order, credentials removed. */
  requests: RecordedRequest[];
  /** Push a fault, and the next matching requests get it. */
  faults: Faults;
  control: Control;
  /** A drawn cover in place of IGDB's picture of this id, as SVG; null where no game has it. */
  drawCover(imageId: string): string | null;
  /** Cuts open connections. */
  close(): Promise<void>;
};

/** By which variables a function finds each of them. */
export const variablesOf = (simulators: Simulators) => ({
  steam: { STEAM_API_URL: simulators.steamApiUrl, STEAM_API_KEY: simulators.steamApiKey },
  igdb: {
    IGDB_API_URL: simulators.igdbApiUrl,
    IGDB_TOKEN_URL: simulators.igdbTokenUrl,
    IGDB_CLIENT_ID: simulators.igdbClientId,
    IGDB_CLIENT_SECRET: simulators.igdbClientSecret,
  },
});

/** Valid for the simulators and nowhere else. */
const credentials = {
  steamApiKey: '5A3E901775AB1E5A3E901775AB1E0001',
  igdbClientId: 'savepoint0simulated0client0id0',
  igdbClientSecret: 'savepoint0simulated0secret0000',
};

const sixtyDaysSeconds = 5_587_808;

/** Games are looked for at the first cover: most runs of the simulators show none. */
function createCovers({ games }: Catalogue): Simulators['drawCover'] {
  let byImage: Map<string | undefined, Catalogue['games'][number]> | undefined;
  return (imageId) => {
    byImage ??= new Map(games.map((game) => [game.cover, game]));
    const game = byImage.get(imageId);
    return game ? drawCover(game) : null;
  };
}

/** Steam, Twitch and IGDB on one port of 127.0.0.1. @throws Error when the port is taken. */
export async function startSimulators(options: SimulatorOptions = {}): Promise<Simulators> {
  const closing = new AbortController();
  const requests: RecordedRequest[] = [];
  const faults: Faults = { steam: [], igdb: [], twitch: [] };
  const { apis, control, trouble } = createApis(options);
  // Steam's paths work with and without the trailing slash.
  const root = new Hono<NodeEnv>({ strict: false });
  root.use(async (context, next) => {
    const refusal = foreignCaller({ host: context.req.header('host'), origin: context.req.header('origin') });
    if (refusal !== null) return context.text(refusal, 403);
    return next();
  });
  for (const name of Object.keys(apis) as ApiName[]) {
    root.use(`/${name}/*`, watchTraffic(name, { requests, faults, trouble, closing: closing.signal }));
    root.route(`/${name}`, apis[name]);
  }
  const server = createAdaptorServer({ fetch: root.fetch });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    steamApiUrl: `${base}/steam`,
    igdbApiUrl: `${base}/igdb/v4`,
    igdbTokenUrl: `${base}/twitch/oauth2/token`,
    ...credentials,
    requests,
    faults,
    control,
    drawCover: createCovers(options.catalogue ?? sampleCatalogue()),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        closing.abort();
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

function createApis(options: SimulatorOptions): {
  apis: Record<ApiName, Hono<NodeEnv>>;
  control: Control;
  trouble: Trouble;
} {
  const { latencyMs = 0, catalogue = sampleCatalogue(), accounts = makeSampleAccounts() } = options;
  const { igdbClientId: clientId, igdbClientSecret: clientSecret, steamApiKey: apiKey } = credentials;
  const lifetimeSeconds = options.tokenLifetimeSeconds ?? sixtyDaysSeconds;
  const tokens = createTokens(lifetimeSeconds);
  const igdbData = createIgdbData(catalogue);
  const accountsById = new Map(accounts.map((account) => [account.steamId, account]));
  const steam = createSteamApi({
    apiKey,
    badKeyStatus: options.badKeyStatus ?? 403,
    unknownAccountStatus: options.unknownAccountStatus ?? 400,
    latencyMs,
    apps: new Map(catalogue.apps.map((app) => [app.appid, app])),
    accounts: accountsById,
  });
  const limits = {
    requestsPerSecond: options.igdbRequestsPerSecond ?? 4,
    openRequests: options.igdbOpenRequests ?? 8,
  };
  const igdb = createIgdbApi({ clientId, tokens, limits, latencyMs, tables: igdbData.tables });
  const twitch = createTwitchApi({ clientId, clientSecret, lifetimeSeconds, latencyMs }, tokens);
  const trouble = createTrouble(accountsById);
  const control = createControl(tokens, igdbData, accountsById, trouble);
  return { apis: { steam, igdb, twitch }, control, trouble };
}
