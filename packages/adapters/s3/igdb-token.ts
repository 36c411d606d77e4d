import { igdbTokenKey } from '@savepoint/core/contracts/object-key.ts';
import { StoredToken, type TokenStore } from '../igdb/token-store.ts';
import type { Bucket } from './bucket.ts';
import { createJsonObjects } from './json-object.ts';

/** IGDB's token, which all that ask IGDB share. */
export function createIgdbTokenStore(bucket: Bucket): TokenStore {
  const objects = createJsonObjects(bucket);
  return {
    read: () => objects.read(igdbTokenKey, StoredToken),
    write: (token) => objects.write(igdbTokenKey, token),
  };
}
