import * as v from 'valibot';

/** Who signs people in, by OpenID Connect, as a public client. */
export const SignIn = v.object({
  /** Its address, as its tokens name it. */
  issuer: v.pipe(v.string(), v.url()),
  client_id: v.string(),
  /** For whom the token is; some issuers ask for it. */
  audience: v.string(),
  /** The scope of those who may do everything. */
  scope: v.string(),
  /** Where it changes a code for a token, when that is another origin than its own. */
  token_origin: v.nullable(v.pipe(v.string(), v.url())),
});
export type SignIn = v.InferOutput<typeof SignIn>;

/** `GET /console/config.json`: what the console must know before it asks anything. There is no secret in it. */
export const ConsoleConfig = v.object({
  /** What is looked at, such as `savepoint-production`; `local` on one machine. */
  deployment: v.string(),
  /** Whether covers are drawn by the simulators, under `/console/covers/`, because IGDB is simulated. */
  draws_covers: v.boolean(),
  /** Null where a token of the API is typed, or none is needed. */
  sign_in: v.nullable(SignIn),
});
export type ConsoleConfig = v.InferOutput<typeof ConsoleConfig>;
