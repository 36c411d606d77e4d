import { setTimeout as delay } from 'node:timers/promises';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { StorageError } from '@savepoint/core/errors.ts';
import * as v from 'valibot';
import { isNotFound, isPreconditionFailed, toStorageError } from './storage-error.ts';

/** Small JSON objects: read through a schema, written whole, changed without losing somebody else's change. */
export type JsonObjects = {
  /** Null when there is none, or when what lies there does not fit `schema` (an older form): it is written anew. */
  read<Value>(key: string, schema: v.GenericSchema<unknown, Value>): Promise<Value | null>;
  write(key: string, value: unknown): Promise<void>;
  /** @returns false when the object was there already. */
  create(key: string, value: unknown): Promise<boolean>;
  /** Writes `change(current)`; when another writer came between, reads and changes again. */
  update<Value>(
    key: string,
    schema: v.GenericSchema<unknown, Value>,
    change: (current: Value | null) => Value,
  ): Promise<Value>;
};

const maxUpdateTries = 30;
const maxPauseMs = 200;

export function createJsonObjects(s3: S3Client, bucket: string): JsonObjects {
  const get = async (key: string) => {
    try {
      const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return { text: (await object.Body?.transformToString()) ?? '', eTag: object.ETag };
    } catch (error) {
      if (isNotFound(error)) return null;
      throw toStorageError(error, key);
    }
  };
  const put = (key: string, value: unknown, condition: { IfMatch?: string; IfNoneMatch?: string } = {}) =>
    s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: JSON.stringify(value),
        ContentType: 'application/json',
        ...condition,
      }),
    );
  const tryPut = async (
    key: string,
    value: unknown,
    condition: { IfMatch?: string; IfNoneMatch?: string },
  ) => {
    try {
      await put(key, value, condition);
      return true;
    } catch (error) {
      // A 404 here: the object that was read is gone meanwhile.
      if (isPreconditionFailed(error) || isNotFound(error)) return false;
      throw toStorageError(error, key);
    }
  };
  return {
    async read(key, schema) {
      const object = await get(key);
      return object && parse(object.text, schema);
    },
    async write(key, value) {
      await put(key, value).catch((error) => Promise.reject(toStorageError(error, key)));
    },
    create: (key, value) => tryPut(key, value, { IfNoneMatch: '*' }),
    async update(key, schema, change) {
      for (let tries = 0; tries < maxUpdateTries; tries++) {
        const object = await get(key);
        const next = change(object && parse(object.text, schema));
        const condition = object?.eTag ? { IfMatch: object.eTag } : { IfNoneMatch: '*' };
        if (await tryPut(key, next, condition)) return next;
        // Several writers that lost together must not come back together.
        await delay(Math.random() * Math.min(maxPauseMs, 10 * 2 ** tries));
      }
      throw new StorageError('STORAGE_CONTENDED', `“${key}” is being changed from too many places at once.`, {
        retryable: true,
        details: { key },
      });
    },
  };
}

function parse<Value>(text: string, schema: v.GenericSchema<unknown, Value>): Value | null {
  try {
    const result = v.safeParse(schema, JSON.parse(text));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}
