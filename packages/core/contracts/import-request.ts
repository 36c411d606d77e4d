import * as v from 'valibot';
import { isSteamId, type SteamId } from '../steam-id.ts';
import { importIdOf, isImportId } from './import-id.ts';

/** The body of a message in steam-import's queue. */
export const ImportRequest = v.pipe(
  v.object({
    steam_id: v.pipe(
      v.string(),
      v.guard(isSteamId, "steam_id must be a person's SteamID64 as a string of 17 digits"),
    ),
    import_id: v.pipe(v.string(), v.guard(isImportId, 'import_id must look like {steam_id}-{timestamp}')),
    /** ISO 8601, UTC. */
    requested_at: v.pipe(v.string(), v.isoTimestamp('requested_at must be an ISO 8601 time')),
    /** Nobody asked for it just now: the library is followed. */
    followed: v.optional(v.literal(true)),
  }),
  v.check(
    ({ steam_id, import_id }) => import_id.startsWith(`${steam_id}-`),
    'import_id must begin with steam_id',
  ),
);
export type ImportRequest = v.InferOutput<typeof ImportRequest>;

/** A request made now, as the HTTP endpoint and a direct invocation make it. */
export const newImportRequest = (steamId: SteamId, now: Date): ImportRequest => ({
  steam_id: steamId,
  import_id: importIdOf(steamId, now),
  requested_at: now.toISOString(),
});
