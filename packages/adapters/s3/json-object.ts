import * as v from 'valibot';
import { objectLimits } from '../limits.ts';
import type { Bucket } from './bucket.ts';

/** Small JSON objects: read through a schema, written whole, changed without losing somebody else's change. */
export type JsonObjects = {
  /** Null when there is none, or when what lies there does not fit `schema` (an older form): it is written anew. */
  read<Value>(key: string, schema: v.GenericSchema<unknown, Value>): Promise<Value | null>;
  write(key: string, value: unknown): Promise<void>;
  /** @returns false when the object was there already. */
  create(key: string, value: unknown): Promise<boolean>;
  /**
   * Writes `change(current)`; when another writer came between, reads and changes again.
   * @param known saves the reading.
   * @returns what lies there now; undefined where it had to be read, because somebody else writes too.
   */
  update<Value>(
    key: string,
    schema: v.GenericSchema<unknown, Value>,
    change: (current: Value | null) => Value,
    known?: Known<Value>,
  ): Promise<Known<Value> | undefined>;
};

/** What lies there as far as one knows; both null for nothing. Where it is so no longer, it is read. */
export type Known<Value> = { value: Value | null; eTag: string | null };

const jsonType = 'application/json';

export const createJsonObjects = (bucket: Bucket): JsonObjects => ({
  async read(key, schema) {
    const text = await bucket.read(key, objectLimits.json);
    return text === null ? null : parse(text, schema);
  },
  write: (key, value) => bucket.put(key, JSON.stringify(value), jsonType),
  create: (key, value) => bucket.create(key, JSON.stringify(value), jsonType),
  async update(key, schema, change, known) {
    if (known) {
      const value = change(known.value);
      const bytes = new TextEncoder().encode(JSON.stringify(value));
      const eTag = await bucket.replace(key, bytes, jsonType, known.eTag);
      if (eTag !== null) return { value, eTag };
    }
    await bucket.update(
      key,
      jsonType,
      (text) => JSON.stringify(change(text === null ? null : parse(text, schema))),
      { maxBytes: objectLimits.json },
    );
    return undefined;
  },
});

function parse<Value>(text: string, schema: v.GenericSchema<unknown, Value>): Value | null {
  try {
    const result = v.safeParse(schema, JSON.parse(text));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}
