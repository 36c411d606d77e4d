import type { Branded } from '../branded.ts';
import { ValidationError } from '../errors.ts';
import { isSteamId, type SteamId } from '../steam-id.ts';

/** `{steam_id}-{timestamp}`, e.g. `76561197960287930-20261123T043000123Z`. Names one import everywhere. */
export type ImportId = Branded<'ImportId'>;

/** An import id, understood. */
export type Import = {
  importId: ImportId;
  steamId: SteamId;
  /**
   * The moment that orders an import among others of the same person, in Unix milliseconds. A timestamp that is no
   * date counts as older than every dated import, so a file of unknown age never overwrites a known one.
   */
  importedAt: number;
};

const importIdPattern = /^(\d{17})-([A-Za-z0-9:-]{1,64})$/;

/** The import of `steamId` requested at `requestedAt`, to the millisecond. */
export function importIdOf(steamId: SteamId, requestedAt: Date): ImportId {
  return `${steamId}-${requestedAt.toISOString().replace(/[-:.]/g, '')}` as ImportId;
}

/**
 * The parts of an import id; of dropped files the timestamp may be any text of letters, digits, `:` and `-`.
 * @throws ValidationError IMPORT_ID_INVALID
 */
export function parseImportId(text: string): Import {
  const [, steamId = '', timestamp = ''] = importIdPattern.exec(text) ?? [];
  if (!isSteamId(steamId))
    throw new ValidationError(
      'IMPORT_ID_INVALID',
      `“${text.slice(0, 120)}” is no import id. It looks like 76561197960287930-20261123T043000123Z: a person's SteamID64, a dash and a timestamp.`,
    );
  return { importId: text as ImportId, steamId, importedAt: momentOf(timestamp) };
}

/** A day of people east of Greenwich, and clocks that go wrong by minutes, are no future. */
const marginMs = 24 * 60 * 60 * 1000;

/**
 * Refuses an import of the future, which would count as newer than all that come until then.
 * @throws ValidationError IMPORT_IN_FUTURE
 */
export function refuseFuture({ importId, importedAt }: Import, now = new Date()): void {
  if (importedAt <= now.getTime() + marginMs) return;
  throw new ValidationError(
    'IMPORT_IN_FUTURE',
    `The import “${importId}” is dated ${new Date(importedAt).toISOString()}, which is still to come; newer imports would count as older. Rename the file to the time at which the library was fetched and upload it again, or import the library anew.`,
  );
}

export function isImportId(text: string): text is ImportId {
  return isSteamId(importIdPattern.exec(text)?.[1] ?? '');
}

const datePattern = /^(\d{4})-?(\d\d)-?(\d\d)(?:[T-]?(\d\d)[:-]?(\d\d)(?:[:-]?(\d\d)(?:[:-]?(\d{3}))?)?)?Z?$/;

/** Unix milliseconds; 0 for what is no date. */
function momentOf(timestamp: string): number {
  const parts = datePattern.exec(timestamp);
  if (!parts) return 0;
  const [year, month, day, hour, minute, second, millisecond] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  const at = Date.UTC(year!, month! - 1, day, hour, minute, second, millisecond);
  // Date.UTC makes the 1st of May of the 31st of April.
  const exists = new Date(at).toISOString().startsWith(parts.slice(1, 4).join('-'));
  return exists && hour! < 24 && minute! < 60 && second! < 60 ? at : 0;
}
