import * as v from 'valibot';

/** `GET /console/config.json`: what the console must know before it asks anything. There is no secret in it. */
export const ConsoleConfig = v.object({
  /** What is looked at, such as `savepoint-production`; `local` on one machine. */
  deployment: v.string(),
  /** Whether covers are drawn by the simulators, under `/console/covers/`, because IGDB is simulated. */
  draws_covers: v.boolean(),
  /** Where an issuer signs people in; null where a token of the API is typed, or none is needed. */
  sign_in: v.nullable(v.object({ issuer: v.string(), client_id: v.string() })),
});
export type ConsoleConfig = v.InferOutput<typeof ConsoleConfig>;
