import { randomBytes } from 'node:crypto';
import { logKeyObject } from '@savepoint/core/log-key.ts';
import * as v from 'valibot';
import type { Bucket } from './bucket.ts';
import { createJsonObjects } from './json-object.ts';

const LogKey = v.object({ key: v.pipe(v.string(), v.minLength(32)) });

/** The key for `personHash`, which the first call makes for all later ones, and for `savepoint`. @throws StorageError */
export async function readLogKey(bucket: Bucket): Promise<string> {
  const objects = createJsonObjects(bucket);
  const kept = await objects.read(logKeyObject, LogKey);
  if (kept !== null) return kept.key;
  const made = { key: randomBytes(32).toString('base64url') };
  if (await objects.create(logKeyObject, made)) return made.key;
  // Another function made one meanwhile.
  return (await objects.read(logKeyObject, LogKey))?.key ?? made.key;
}
