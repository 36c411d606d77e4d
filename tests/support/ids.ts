import { type ImportId, parseImportId } from '@savepoint/core/contracts/import-id.ts';
import { isSteamId, type SteamId } from '@savepoint/core/steam-id.ts';

/** @throws RangeError when a test names nobody. */
export function steamIdOf(text: string): SteamId {
  if (isSteamId(text)) return text;
  throw new RangeError(`${text} is no SteamID64`);
}

export const importIdOf = (text: string): ImportId => parseImportId(text).importId;
