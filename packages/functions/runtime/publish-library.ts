import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { PostgresConnection } from '@savepoint/adapters/postgres/connection.ts';
import { readLibrary } from '@savepoint/adapters/postgres/read-library.ts';
import type { PublishedLibraries } from '@savepoint/adapters/s3/published-libraries.ts';
import { StorageError } from '@savepoint/core/errors.ts';
import type { LibraryPublisher } from '@savepoint/core/stages/database-import.ts';
import type { SteamId } from '@savepoint/core/steam-id.ts';

/** Somebody else published the same person's library first. */
const maxTries = 5;

/** Publishes from the database to the bucket, unless what lies there is as new. */
export const createLibraryPublisher = (
  connection: Pick<PostgresConnection, 'read'>,
  libraries: PublishedLibraries,
): LibraryPublisher => ({
  async publishLibrary(steamId) {
    for (let tries = 0; tries < maxTries; tries += 1) {
      const stored = await libraries.revisionOf(steamId);
      const read = await readLibrary(connection, steamId, async (library) =>
        library === null || library.revision <= stored.revision
          ? null
          : { revision: library.revision, bytes: await packed(library.json) },
      );
      if (read === null || (await libraries.replace(steamId, read.bytes, read.revision, stored.eTag))) return;
    }
    throw contended(steamId);
  },
});

const packed = async (texts: AsyncIterable<string>): Promise<Uint8Array> =>
  Buffer.concat(await Readable.from(texts).compose(createGzip()).toArray());

const contended = (steamId: SteamId) =>
  new StorageError(
    'STORAGE_CONTENDED',
    'The library is being published from too many places at once; try again.',
    { retryable: true, details: { steam_id: steamId } },
  );
