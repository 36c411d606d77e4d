import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/**
 * Steam's store and IGDB with as many apps as are asked for, where the simulators' catalogue ends at 36,864. They
 * answer the questions of one enrichment, at once and without limits: here only the asking side is measured.
 */
export type InventedApis = { url: string; close(): Promise<void> };

/** One app in a hundred is unknown to IGDB. */
const isKnown = (appId: number): boolean => (appId / 10) % 100 !== 0;
export const inventedAppId = (index: number): number => 10 * (index + 1);
export const inventedName = (appId: number): string => `The Long Road of Wanderer ${appId}`;

export async function startInventedApis(): Promise<InventedApis> {
  const server = createServer(async (request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(await answer(request)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}

async function answer(request: IncomingMessage): Promise<unknown> {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
  const body = await text(request);
  if (pathname.endsWith('/token'))
    return { access_token: 'invented', expires_in: 86_400, token_type: 'bearer' };
  if (pathname.endsWith('/GetItems/v1/')) return storeItems(searchParams.get('input_json') ?? '');
  if (pathname.endsWith('/multiquery'))
    return [...body.matchAll(/query ([\w/]+) "([^"]+)" \{(.*?)\};/gs)].map(
      ([, endpoint = '', name, query = '']) => ({
        name,
        result: answerQuery(endpoint, query),
      }),
    );
  return answerQuery(pathname.split('/').at(-1) ?? '', body);
}

/** IGDB knows no further names. */
const answerQuery = (endpoint: string, query: string): unknown[] =>
  endpoint === 'external_games' ? externalGames(query) : [];

function storeItems(inputJson: string): unknown {
  const { ids } = JSON.parse(inputJson) as { ids: { appid: number }[] };
  const items = ids.map(({ appid }) => ({ appid, success: 1, name: inventedName(appid), type: 0 }));
  return { response: { store_items: items } };
}

function externalGames(query: string): unknown[] {
  const uids = /uid = \(([^)]*)\)/.exec(query)?.[1]?.match(/\d+/g) ?? [];
  return uids
    .map(Number)
    .filter(isKnown)
    .map((appId) => ({ id: appId, uid: String(appId), game: inventedGame(appId) }));
}

const inventedGame = (appId: number) => ({
  id: appId + 1,
  name: inventedName(appId),
  slug: `the-long-road-of-wanderer-${appId}`,
  // 1,000 characters, three times what is usual; the quotation marks make V8 hold each in two bytes.
  summary: `“Wanderer ${appId}” ${'walks on, and on, through one valley after another; '.repeat(19)}`.slice(
    0,
    1000,
  ),
  first_release_date: 946_684_800 + appId * 600,
  game_type: 0,
  updated_at: 1_700_000_000 + appId,
  cover: { id: appId, image_id: `co${appId.toString(36)}` },
  genres: [
    { id: 5, name: 'Shooter' },
    { id: 12, name: 'Role-playing (RPG)' },
    { id: 31, name: 'Adventure' },
  ],
  platforms: [
    { id: 3, name: 'Linux' },
    { id: 6, name: 'PC (Microsoft Windows)' },
    { id: 14, name: 'Mac' },
    { id: 48, name: 'PlayStation 4' },
  ],
});
