import * as v from 'valibot';

/** `GET /health/deep`: what was asked just now, and what is configured. There is no secret in it, nor part of one. */

export const HealthCheck = v.object({
  /** The database is asked on one machine alone: the deployed API has no way to it. */
  name: v.picklist(['queues', 'bucket', 'database']),
  status: v.picklist(['ok', 'away']),
  milliseconds: v.number(),
  /** Of the error; `NO_ANSWER` after three seconds. */
  code: v.nullable(v.string()),
});
export type HealthCheck = v.InferOutput<typeof HealthCheck>;

export const Configured = v.object({
  /** `savepoint-production`; `savepoint-local` on one machine. */
  deployment: v.string(),
  version: v.string(),
  /** `key_unknown`: Secrets Manager did not say whether there is one. */
  steam: v.picklist(['simulated', 'key_set', 'key_missing', 'key_unknown']),
  igdb: v.picklist(['simulated', 'real']),
  self_healing: v.boolean(),
  /** Who is told of the end of an import. */
  notices: v.array(v.picklist(['topic', 'webhook'])),
});
export type Configured = v.InferOutput<typeof Configured>;

/** A 503 has `checks` and `configured` as well, beside what a problem has. */
export const DeepHealthAnswer = v.object({
  status: v.literal('ok'),
  checks: v.array(HealthCheck),
  configured: Configured,
});
export type DeepHealthAnswer = v.InferOutput<typeof DeepHealthAnswer>;
