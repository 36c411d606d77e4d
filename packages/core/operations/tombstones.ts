import type { SteamId } from '../steam-id.ts';

/** Who was forgotten, and when: what each stage asks before it begins an import. */

export type Tombstones = {
  /** Null for somebody who was not forgotten. @throws StorageError */
  forgottenAt(steamId: SteamId): Promise<Date | null>;
  /** @throws StorageError */
  write(steamId: SteamId, forgottenAt: Date): Promise<void>;
};

/** Whether an import was asked for before its person was forgotten. A dropped file counts by the time in its name. */
export async function isForgotten(
  { steamId, importedAt }: { steamId: SteamId; importedAt: number },
  { forgottenAt }: Pick<Tombstones, 'forgottenAt'>,
): Promise<boolean> {
  const at = await forgottenAt(steamId);
  return at !== null && importedAt <= at.getTime();
}
