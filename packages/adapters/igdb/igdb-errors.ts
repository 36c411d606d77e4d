import { type ErrorDetails, IgdbApiError } from '@savepoint/core/errors.ts';

/** Everything that can go wrong with IGDB, in the words of the person whose library it is. */

/** @param details `reason` says what came instead of an answer: a status, `timeout`, a network error's code. */
export const unavailable = (
  details: ErrorDetails & { endpoint: string; reason: string },
  retryAfterSeconds?: number,
): IgdbApiError =>
  new IgdbApiError(
    'IGDB_UNAVAILABLE',
    'IGDB, which knows the games, is not answering properly; the look-up continues once it does.',
    {
      retryable: true,
      operatorHint: `IGDB gave no usable answer on /${details.endpoint} (${details.reason}); wait, then redrive what was given up.`,
      details,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    },
  );

export const rateLimited = (endpoint: string, retryAfterSeconds: number | undefined): IgdbApiError =>
  new IgdbApiError(
    'IGDB_RATE_LIMITED',
    'IGDB limits how often it may be asked, and the limit is reached; the look-up continues later.',
    {
      retryable: true,
      operatorHint: 'Does something else use the same Client-ID? IGDB allows it 4 requests a second in all.',
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
      details: { endpoint },
    },
  );

/** The caller's time is up; what was found so far stays good. */
export const deadline = (endpoint: string): IgdbApiError =>
  new IgdbApiError(
    'IGDB_DEADLINE',
    'The time for this step ran out before every game was looked up; the next attempt continues from there.',
    { retryable: true, details: { endpoint } },
  );

export const authorizationFailed = (endpoint: string): IgdbApiError =>
  new IgdbApiError('IGDB_AUTH_FAILED', 'IGDB refused this service; the look-up will be tried again.', {
    retryable: true,
    operatorHint:
      'IGDB answered 401 to a fresh token too. Look at https://dev.twitch.tv/console/apps: more than 25 live tokens, or a disabled application?',
    details: { endpoint },
  });

export const credentialsRejected = (status: number): IgdbApiError =>
  new IgdbApiError(
    'IGDB_CREDENTIALS_REJECTED',
    'This service is misconfigured and cannot ask IGDB; its operator has to fix that.',
    {
      retryable: false,
      operatorHint: `Twitch refused the client id and secret (HTTP ${status}). Look at https://dev.twitch.tv/console/apps, store them in the secret igdb-credentials (on one machine: IGDB_CLIENT_ID, IGDB_CLIENT_SECRET), then redrive the dead letters.`,
      details: { status },
    },
  );

/** IGDB understood us and says no; only a repeated 4xx about the query itself is sure to stay. */
export const queryRefused = (
  details: { endpoint: string; status: number; title: string },
  retryable: boolean,
): IgdbApiError =>
  new IgdbApiError('IGDB_QUERY_REFUSED', 'IGDB rejected a query from this service.', {
    retryable,
    operatorHint: `IGDB answered HTTP ${details.status} “${details.title}” on /${details.endpoint}: its API may have changed.`,
    details,
  });
