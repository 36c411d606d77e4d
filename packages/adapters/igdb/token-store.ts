import * as v from 'valibot';

/** An IGDB token as all instances share it. Times are ISO 8601. */
export const StoredToken = v.object({
  client_id: v.pipe(v.string(), v.nonEmpty()),
  access_token: v.pipe(v.string(), v.nonEmpty()),
  expires_at: v.pipe(v.string(), v.isoTimestamp()),
});
export type StoredToken = v.InferOutput<typeof StoredToken>;

/**
 * Where all instances find the token. Twitch keeps at most 25 alive for an application, so that a new one at
 * every cold start would kill those of other instances.
 */
export type TokenStore = {
  /** Null when there is none, or nothing that fits `StoredToken`. */
  read(): Promise<StoredToken | null>;
  write(token: StoredToken): Promise<void>;
};
