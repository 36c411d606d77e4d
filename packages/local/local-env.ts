import { join, resolve } from 'node:path';
import { readTokens } from '@savepoint/core/api-tokens.ts';
import { ValidationError } from '@savepoint/core/errors.ts';
import { noticeVariables, parseVariables, variables } from '@savepoint/functions/runtime/env.ts';
import * as v from 'valibot';
import { ignoreAmbientSettings } from './ambient-settings.ts';
import { readEnvFile } from './env-file.ts';
import { projectDirectory } from './project-directory.ts';

const port = v.pipe(
  v.string(),
  v.regex(/^\d{1,5}$/, 'is not a port number'),
  v.transform(Number),
  v.maxValue(65_535, 'is above 65535'),
);

/** The local stack's environment: exactly the variables that `.env.example` lists. */
export const localVariables = {
  ...variables,
  ...noticeVariables,
  PORT: v.optional(port, '3000'),
  AWS_PORT: v.optional(port),
  DATA_DIR: v.optional(v.string(), '.savepoint'),
};

export type LocalEnv = v.InferOutput<v.ObjectSchema<typeof localVariables, undefined>>;

/**
 * Reads `.env` and checks everything at once.
 * @throws ValidationError ENV_INVALID naming every fault, ENV_FILE_INVALID.
 */
export function readLocalEnv(): LocalEnv {
  prepareEnvironment();
  const env = parseVariables(localVariables, process.env, [
    ...blankToken(process.env.API_TOKEN),
    ...halfTold(process.env),
  ]);
  return { ...env, DATA_DIR: resolve(projectDirectory(), env.DATA_DIR) };
}

/**
 * For whatever runs on this machine: adds `.env` to the environment, where what is set already wins, and puts the
 * settings of other programs out of effect. An empty value in `.env` sets nothing: `.env.example` is full of them.
 * @throws ValidationError ENV_FILE_INVALID; also for names that can only be meant for ours.
 */
export function prepareEnvironment(): void {
  const written = readEnvFile(join(projectDirectory(), '.env'));
  const known = new Map(Object.keys(localVariables).map((name) => [letters(name), name]));
  const misspelt = Object.keys(written).flatMap((name) => {
    const meant = known.get(letters(name)) ?? name;
    return meant === name ? [] : [`${name} must be written ${meant}`];
  });
  if (misspelt.length > 0)
    throw new ValidationError('ENV_FILE_INVALID', `.env is unusable: ${misspelt.join('; ')}.`);
  for (const [name, value] of Object.entries(written)) if (value !== '') process.env[name] ??= value;
  ignoreAmbientSettings();
}

const letters = (name: string) => name.replaceAll('_', '').toUpperCase();

/** Whoever sets a token that is none, as an empty variable of the shell's, wants no API that is open to all. */
const blankToken = (value: string | undefined): string[] =>
  value !== undefined && readTokens(value).length === 0
    ? ['API_TOKEN is blank: give it a token, or leave it unset so that none is needed']
    : [];

/** What is of no use without another one. */
const belongsTo: readonly (readonly [name: string, needed: string, how: string])[] = [
  ['COMPLETION_WEBHOOK_URL', 'COMPLETION_WEBHOOK_KEY', 'which openssl rand -base64 32 makes'],
  ['STEAM_API_URL', 'STEAM_API_KEY', 'without which Steam is simulated'],
  ['IGDB_API_URL', 'IGDB_CLIENT_ID', 'without which IGDB is simulated'],
  ['IGDB_TOKEN_URL', 'IGDB_CLIENT_ID', 'without which IGDB is simulated'],
];

const halfTold = (env: NodeJS.ProcessEnv): string[] =>
  belongsTo
    .filter(([name, needed]) => env[name] && !env[needed])
    .map(([name, needed, how]) => `${name} needs ${needed}, ${how}`);
