import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseVariables, variables } from '@savepoint/functions/runtime/env.ts';
import * as v from 'valibot';

/** The local stack's environment: exactly the variables that `.env.example` lists. */
export const localVariables = {
  ...variables,
  PORT: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,5}$/, 'is not a port number'),
      v.transform(Number),
      v.maxValue(65_535, 'is above 65535'),
    ),
    '3000',
  ),
  DATA_DIR: v.optional(v.string(), '.savepoint'),
};

export type LocalEnv = v.InferOutput<v.ObjectSchema<typeof localVariables, undefined>>;

/**
 * Reads `.env` (what is set already wins) and checks everything at once.
 * @throws ValidationError ENV_INVALID naming every fault.
 */
export function readLocalEnv(): LocalEnv {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const env = parseVariables(localVariables, process.env);
  return { ...env, DATA_DIR: resolve(env.DATA_DIR) };
}
