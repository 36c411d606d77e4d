import type { Simulators } from '@savepoint/simulators/start-simulators.ts';

export type Answer = { status: number; contentType: string; text: string; retryAfter: string | null };

/** Through no client of ours, whose habits a simulator must not learn. */
async function send(url: string, init?: RequestInit): Promise<Answer> {
  const response = await fetch(url, init);
  return {
    status: response.status,
    contentType: response.headers.get('Content-Type') ?? '',
    text: await response.text(),
    retryAfter: response.headers.get('Retry-After'),
  };
}

/** A request that carries the right key unless `key` says otherwise; null sends none. */
export function askSteam(
  simulators: Simulators,
  path: string,
  parameters: Record<string, string>,
  key: string | null = simulators.steamApiKey,
): Promise<Answer> {
  const query = new URLSearchParams({ ...(key !== null && { key }), ...parameters });
  return send(`${simulators.steamApiUrl}${path}?${query}`);
}

export const ownedGamesPath = '/IPlayerService/GetOwnedGames/v1/';

/** Everything that an import asks for. */
export const everything = {
  include_appinfo: '1',
  include_played_free_games: '1',
  skip_unvetted_apps: '0',
  format: 'json',
};

export function askForToken(simulators: Simulators, changes: Record<string, string> = {}): Promise<Answer> {
  const body = new URLSearchParams({
    client_id: simulators.igdbClientId,
    client_secret: simulators.igdbClientSecret,
    grant_type: 'client_credentials',
    ...changes,
  });
  return send(simulators.igdbTokenUrl, { method: 'POST', body });
}

export async function newToken(simulators: Simulators): Promise<string> {
  const { access_token } = JSON.parse((await askForToken(simulators)).text);
  return access_token;
}

export function askIgdb(
  simulators: Simulators,
  token: string,
  endpoint: string,
  body: string,
  clientId = simulators.igdbClientId,
): Promise<Answer> {
  const headers = { 'Client-ID': clientId, Authorization: `Bearer ${token}` };
  return send(`${simulators.igdbApiUrl}/${endpoint}`, { method: 'POST', headers, body });
}
