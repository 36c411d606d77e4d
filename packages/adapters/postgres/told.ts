import type { EnrichedRow } from '@savepoint/core/contracts/enriched-library.ts';

/** The columns of an entry that an import tells, in the order of their bits in `import_contents.told`. */
export const toldColumns = [
  ['playtime_minutes', 'playtimeMinutes'],
  ['playtime_2weeks_minutes', 'playtime2WeeksMinutes'],
  ['playtime_windows_minutes', 'playtimeWindowsMinutes'],
  ['playtime_mac_minutes', 'playtimeMacMinutes'],
  ['playtime_linux_minutes', 'playtimeLinuxMinutes'],
  ['playtime_deck_minutes', 'playtimeDeckMinutes'],
  ['playtime_disconnected_minutes', 'playtimeDisconnectedMinutes'],
  ['last_played_at', 'lastPlayedAt'],
] as const satisfies readonly (readonly [column: string, property: keyof EnrichedRow])[];

/** A row of which everything was told. */
export const allBits = (1 << toldColumns.length) - 1;

const lastPlayedBit = 1 << (toldColumns.length - 1);

/** Which columns a row tells. @param withheld the playtimes of the import are none, so it tells its last-played times alone. */
export function toldBits(row: EnrichedRow, withheld: boolean): number {
  let bits = 0;
  for (const [index, [, property]] of toldColumns.entries()) if (row[property] !== null) bits |= 1 << index;
  return withheld ? bits & lastPlayedBit : bits;
}

const playtimes = toldColumns
  .filter(([column]) => column !== 'last_played_at')
  .map(([, property]) => property);

export const isPlaytime = (column: string): boolean => column !== 'last_played_at';
export const tellsPlaytime = (row: EnrichedRow): boolean =>
  playtimes.some((property) => (row[property] ?? 0) > 0);
