import { type ImportId, isImportId } from '@savepoint/core/contracts/import-id.ts';
import { findLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import { parseSteamIdentity, type SteamId } from '@savepoint/core/steam-id.ts';
import { isStageName, type StageName, stageNames } from '@savepoint/core/topology.ts';
import { InvalidArgumentError } from 'commander';

/** Readers of arguments for commander, which shows their sentence and ends with the exit code of wrong usage. */

export function readStageName(text: string): StageName {
  if (isStageName(text)) return text;
  throw new InvalidArgumentError(`The stages are ${stageNames.join(', ')}.`);
}

/** An import id, or the key of one of the import's files. */
export function readImportId(text: string): ImportId {
  const importId = isImportId(text) ? text : findLibraryKey(text)?.importId;
  if (importId) return importId;
  throw new InvalidArgumentError(importForm);
}

const importForm =
  'It must look like 76561197960287930-20261123T043000123Z, or be the key of a raw or enriched file.';

/** A person, by an id that needs nobody to be asked: only Steam knows whose name it is, and its key is not the operator's. */
export function readSteamId(text: string): SteamId {
  const identity = readIdentity(text);
  if (identity.kind === 'steam-id') return identity.steamId;
  throw new InvalidArgumentError(`“${text}” is a name; give the SteamID64 that it stands for.`);
}

function readIdentity(text: string) {
  try {
    return parseSteamIdentity(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** An import, or the person whose newest import is meant. */
export function readImportOrPerson(text: string): { importId: ImportId } | { steamId: SteamId } {
  const importId = isImportId(text) ? text : findLibraryKey(text)?.importId;
  if (importId) return { importId };
  try {
    return { steamId: readSteamId(text) };
  } catch {
    throw new InvalidArgumentError(`${importForm.slice(0, -1)}, or a SteamID64.`);
  }
}

export function readPositiveInteger(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number of at least 1.');
}

const secondsOfUnit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

function secondsOf(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d{1,9})([smhd]?)$/.exec(text) ?? [];
  const seconds = secondsOfUnit[unit || 's'];
  return number === undefined || seconds === undefined ? undefined : Number(number) * seconds;
}

/** `30s`, `15m`, `2h`, `7d` as seconds; a bare number is of seconds. */
export function readDurationSeconds(text: string): number {
  const seconds = secondsOf(text);
  if (seconds !== undefined) return seconds;
  throw new InvalidArgumentError('It must look like 30s, 15m, 2h or 7d; a bare number counts seconds.');
}

/** A moment, from how long ago it was or from a date: `2h`, `2026-11-23`, `2026-11-23T04:30:00Z`. */
export function readSince(text: string): Date {
  const seconds = secondsOf(text);
  const at =
    seconds === undefined
      ? new Date(isoDate.test(text) ? text : Number.NaN)
      : new Date(Date.now() - seconds * 1000);
  if (!Number.isNaN(at.getTime())) return at;
  throw new InvalidArgumentError(
    'It must look like 30s, 15m, 2h or 7d, or be a date such as 2026-11-23 or 2026-11-23T04:30:00Z.',
  );
}

const isoDate = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/** The examples at the end of a command's help. */
export const examples = (...lines: string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ npx savepoint ${line}`).join('\n')}`;
