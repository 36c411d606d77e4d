import { createHmac } from 'node:crypto';
import { Tombstone, tombstoneKey } from '@savepoint/core/contracts/forget-request.ts';
import type { Tombstones } from '@savepoint/core/operations/tombstones.ts';
import type { SteamId } from '@savepoint/core/steam-id.ts';
import type { Bucket } from './bucket.ts';
import { createJsonObjects } from './json-object.ts';
import { readLogKey } from './log-key.ts';

/** Who was forgotten, under a hash with the deployment's key: without that nobody can tell whose it is. */
export function createTombstones(bucket: Bucket): Tombstones {
  const objects = createJsonObjects(bucket);
  let key: Promise<string> | undefined;
  const keyOf = async (steamId: SteamId): Promise<string> => {
    key ??= readLogKey(bucket).catch((error) => {
      key = undefined;
      throw error;
    });
    return tombstoneKey(
      createHmac('sha256', await key)
        .update(`forgotten ${steamId}`)
        .digest('hex'),
    );
  };
  return {
    async forgottenAt(steamId) {
      const found = await objects.read(await keyOf(steamId), Tombstone);
      return found && new Date(found.forgotten_at);
    },
    async write(steamId, forgottenAt) {
      await objects.update(await keyOf(steamId), Tombstone, (current) => ({
        // Messages come late and twice: the later word holds.
        forgotten_at: [current?.forgotten_at ?? '', forgottenAt.toISOString()].sort().at(-1)!,
      }));
    },
  };
}
