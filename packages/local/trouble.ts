import { type TroubleName as OutsideTrouble, troubles } from '@savepoint/simulators/trouble.ts';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { LocalEnv } from './local-env.ts';
import { simulatedApis } from './simulated-apis.ts';

/**
 * Troubles that a local stack can be made to have: `trouble.json` in DATA_DIR asks for one until a moment, and
 * `trouble-now.json` says which one the running stack has.
 */
export type TroubleName = OutsideTrouble | 'database-down';

export const troubleNames = [...(Object.keys(troubles) as OutsideTrouble[]), 'database-down'] as const;

const AskedTrouble = v.object({
  name: v.picklist(troubleNames),
  until: v.pipe(v.string(), v.isoTimestamp()),
});
export type AskedTrouble = v.InferOutput<typeof AskedTrouble>;

const askedPath = (dataDir: string) => join(dataDir, 'trouble.json');
const currentPath = (dataDir: string) => join(dataDir, 'trouble-now.json');

export const askForTrouble = (dataDir: string, trouble: AskedTrouble): void =>
  write(askedPath(dataDir), trouble);
export const endTrouble = (dataDir: string): void => rmSync(askedPath(dataDir), { force: true });

/** Null when nobody asks, or the time is over. */
export function readAskedTrouble(dataDir: string, now = new Date()): TroubleName | null {
  const asked = read(askedPath(dataDir), AskedTrouble);
  return asked !== null && Date.parse(asked.until) > now.getTime() ? asked.name : null;
}

const CurrentTrouble = v.object({ name: v.picklist(troubleNames) });

/** What the running stack has; null for none. */
export const readCurrentTrouble = (dataDir: string): TroubleName | null =>
  read(currentPath(dataDir), CurrentTrouble)?.name ?? null;

export function noteCurrentTrouble(dataDir: string, name: TroubleName | null): void {
  if (name === null) rmSync(currentPath(dataDir), { force: true });
  else write(currentPath(dataDir), { name });
}

/** Those that concern what is simulated or embedded here; nothing real is ever troubled. */
export function possibleTroubles(env: LocalEnv): TroubleName[] {
  const simulated = simulatedApis(env);
  return troubleNames.filter((name) => {
    if (name === 'database-down') return env.DATABASE_URL === undefined;
    return name.startsWith('igdb-') ? simulated.igdb : simulated.steam;
  });
}

/** Whole or not at all, since somebody else may read it at the same time. */
function write(path: string, value: unknown): void {
  writeFileSync(`${path}.new`, JSON.stringify(value), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function read<Schema extends v.GenericSchema>(path: string, schema: Schema): v.InferOutput<Schema> | null {
  try {
    const parsed = v.safeParse(schema, JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
