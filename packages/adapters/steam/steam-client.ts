import { setTimeout as sleep } from 'node:timers/promises';
import type { VanityNames } from '@savepoint/core/operations/imports.ts';
import type { OwnedGames, OwnedGamesAnswer } from '@savepoint/core/stages/steam-import.ts';
import { isSteamId, type SteamId } from '@savepoint/core/steam-id.ts';
import * as v from 'valibot';
import { type HttpAnswer, jsonOf } from '../http/exchange.ts';
import { OwnedGamesJson, readOwnedGames } from './owned-games.ts';
import {
  accountNotFound,
  gameDetailsPrivate,
  libraryEmpty,
  profileNotFound,
  unavailable,
} from './steam-errors.ts';
import { createKeyedGet, type KeyedGet, type SteamApiKey } from './steam-request.ts';

export type SteamClientOptions = {
  /** `https://api.steampowered.com`, or a simulator's address. */
  apiUrl: string;
  apiKey: SteamApiKey;
  /** Of each request. */
  timeoutSeconds?: number;
};

export type SteamClient = OwnedGames & VanityNames;

const ownedGamesPath = 'IPlayerService/GetOwnedGames/v1/';
const summariesPath = 'ISteamUser/GetPlayerSummaries/v2/';
const vanityPath = 'ISteamUser/ResolveVanityURL/v1/';

/**
 * A client of the Steam Web API, as far as it needs a key. Owned games are played free ones and unvetted ones too.
 * Both calls throw SteamApiError: permanent STEAM_KEY_REJECTED, STEAM_GAME_DETAILS_PRIVATE, STEAM_LIBRARY_EMPTY,
 * STEAM_ACCOUNT_NOT_FOUND, STEAM_PROFILE_NOT_FOUND; retryable STEAM_RATE_LIMITED, STEAM_UNAVAILABLE.
 */
export function createSteamClient({ apiUrl, apiKey, timeoutSeconds = 12 }: SteamClientOptions): SteamClient {
  const get = createKeyedGet({ apiUrl, apiKey, timeoutSeconds });
  return {
    getOwnedGames: (steamId) => getWholeLibrary(get, steamId),
    resolveVanityName: (vanityName) => resolveVanityName(get, vanityName),
  };
}

/** An incomplete list is often a hiccup. */
const furtherTries = 2;
const furtherTryPauseMs = 500;

/** Asks again while the list is incomplete; the fullest one counts. */
async function getWholeLibrary(get: KeyedGet, steamId: SteamId): Promise<OwnedGamesAnswer> {
  let fullest = await getOwnedGames(get, steamId);
  for (let tries = 0; tries < furtherTries && fullest.droppedCount > 0; tries++) {
    await sleep(furtherTryPauseMs * (0.5 + Math.random()));
    // A failure must not cost the list that came.
    const answer = await getOwnedGames(get, steamId).catch(() => fullest);
    const more = answer.rows.length - fullest.rows.length;
    if (more > 0 || (more === 0 && answer.droppedCount < fullest.droppedCount)) fullest = answer;
  }
  return fullest;
}

async function getOwnedGames(get: KeyedGet, steamId: SteamId): Promise<OwnedGamesAnswer> {
  const answer = await get(ownedGamesPath, {
    steamid: steamId,
    include_appinfo: '1',
    include_played_free_games: '1',
    include_free_sub: '1',
    skip_unvetted_apps: '0',
  });
  // Steam answers 400, and at times 500, for an account that does not exist, but not only then.
  if (answer.status === 400 || answer.status === 500) await requireAccount(get, steamId);
  const { response } = read(ownedGamesPath, answer, OwnedGamesJson);
  const { game_count: gameCount, games } = response;
  if (gameCount === undefined && games === undefined) throw gameDetailsPrivate();
  if ((games ?? []).length === 0 && (gameCount ?? 0) === 0) throw libraryEmpty();
  const owned = readOwnedGames(games ?? [], gameCount);
  if (owned.rows.length === 0)
    throw unavailable({ path: ownedGamesPath, reason: 'a library without usable apps' });
  return owned;
}

const PlayerSummaries = v.object({ response: v.object({ players: v.array(v.unknown()) }) });

/** @throws SteamApiError STEAM_ACCOUNT_NOT_FOUND, only when Steam plainly lists no such account */
async function requireAccount(get: KeyedGet, steamId: SteamId): Promise<void> {
  const answer = await get(summariesPath, { steamids: steamId });
  const { response } = read(summariesPath, answer, PlayerSummaries);
  if (response.players.length === 0) throw accountNotFound();
}

const VanityAnswer = v.object({
  response: v.object({ success: v.number(), steamid: v.optional(v.string(), '') }),
});
const found = 1;
const noMatch = 42;

async function resolveVanityName(get: KeyedGet, vanityName: string): Promise<SteamId> {
  const answer = await get(vanityPath, { vanityurl: vanityName });
  const { success, steamid } = read(vanityPath, answer, VanityAnswer).response;
  if (success === found && isSteamId(steamid)) return steamid;
  // A name can also belong to something that is no person, such as a group.
  if (success === found || success === noMatch) throw profileNotFound(vanityName);
  throw unavailable({ path: vanityPath, reason: `success ${success}` });
}

/** @throws SteamApiError STEAM_UNAVAILABLE unless `answer` is a 200 with the JSON that is expected */
function read<Output>(path: string, answer: HttpAnswer, schema: v.GenericSchema<unknown, Output>): Output {
  if (answer.status !== 200)
    throw unavailable({ path, reason: `HTTP ${answer.status}` }, answer.retryAfterSeconds);
  const json = jsonOf(answer);
  if (json === undefined) throw unavailable({ path, reason: 'no JSON' });
  const parsed = v.safeParse(schema, json);
  if (!parsed.success) throw unavailable({ path, reason: 'unknown JSON' });
  return parsed.output;
}
