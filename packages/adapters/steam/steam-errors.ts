import { type ErrorDetails, SteamApiError } from '@savepoint/core/errors.ts';

/**
 * Everything that can be wrong with an answer of Steam, in the words of the person whose library it is. Errors
 * are logged, and logs may not name people: none of these carries a SteamID64.
 */

export const gameDetailsPrivate = (): SteamApiError =>
  new SteamApiError(
    'STEAM_GAME_DETAILS_PRIVATE',
    'Steam does not show the games of this profile: in Steam, under Profile → Edit Profile → Privacy Settings, set “Game details” to Public and import again.',
    { retryable: false },
  );

export const libraryEmpty = (): SteamApiError =>
  new SteamApiError(
    'STEAM_LIBRARY_EMPTY',
    'This Steam account owns no games, so there is nothing to import.',
    { retryable: false },
  );

export const accountNotFound = (): SteamApiError =>
  new SteamApiError(
    'STEAM_ACCOUNT_NOT_FOUND',
    'Steam has no account with this id; look for a mistyped digit.',
    { retryable: false },
  );

export const profileNotFound = (vanityName: string): SteamApiError =>
  new SteamApiError(
    'STEAM_PROFILE_NOT_FOUND',
    `Steam knows no person's profile named “${vanityName.slice(0, 64)}”; the name stands at the end of the profile's address, https://steamcommunity.com/id/<name>.`,
    { retryable: false },
  );

export const keyRejected = (status: number | null): SteamApiError =>
  new SteamApiError(
    'STEAM_KEY_REJECTED',
    'This service is misconfigured and cannot ask Steam; its operator has to fix that.',
    {
      retryable: false,
      operatorHint: `Steam refused the Web API key (HTTP ${status}). Get one at https://steamcommunity.com/dev/apikey, store it in the secret steam-api-key (on one machine: STEAM_API_KEY), then redrive the dead letters.`,
      details: { status },
    },
  );

export const rateLimited = (retryAfterSeconds: number | undefined): SteamApiError =>
  new SteamApiError(
    'STEAM_RATE_LIMITED',
    'Steam limits how often it may be asked, and the limit is reached; this passes by itself.',
    {
      retryable: true,
      operatorHint:
        'Steam answered HTTP 429. A key may make 100,000 calls a day, over everything that uses it.',
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    },
  );

/** @param details `reason` says what came instead of an answer: a status, `timeout`, a network error's code. */
export const unavailable = (
  details: ErrorDetails & { reason: string },
  retryAfterSeconds?: number,
): SteamApiError =>
  new SteamApiError('STEAM_UNAVAILABLE', 'Steam is not answering properly; this usually passes in minutes.', {
    retryable: true,
    operatorHint: `Steam gave no usable answer (${details.reason}); wait, then redrive what was given up.`,
    details,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
