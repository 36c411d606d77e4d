import { ValidationError } from '@savepoint/core/errors.ts';
import { parseSteamIdentity, type SteamId } from '@savepoint/core/steam-id.ts';
import type { Context } from 'hono';

/**
 * Whose something is, from the path. An id alone: a name would have to be asked of Steam, whose calls are for imports.
 * @throws ValidationError STEAM_ID_UNREADABLE, STEAM_ID_NOT_A_PERSON
 */
export function readSteamId64(context: Context): SteamId {
  const text = (context.req.param('steam_id') ?? '').slice(0, 500);
  const identity = parseSteamIdentity(text);
  if (identity.kind === 'steam-id') return identity.steamId;
  throw new ValidationError(
    'STEAM_ID_UNREADABLE',
    `Give the person's SteamID64, 17 digits, instead of a name such as “${text.slice(0, 40)}”.`,
  );
}
