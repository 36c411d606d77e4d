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
  /** Writes `change(current)`; when another writer came between, reads and changes again. */
  update<Value>(
    key: string,
    schema: v.GenericSchema<unknown, Value>,
    change: (current: Value | null) => Value,
  ): Promise<void>;
};

const jsonType = 'application/json';

export const createJsonObjects = (bucket: Bucket): JsonObjects => ({
  async read(key, schema) {
    const text = await bucket.read(key, objectLimits.json);
    return text === null ? null : parse(text, schema);
  },
  write: (key, value) => bucket.put(key, JSON.stringify(value), jsonType),
  create: (key, value) => bucket.create(key, JSON.stringify(value), jsonType),
  update: (key, schema, change) =>
    bucket.update(
      key,
      jsonType,
      (text) => JSON.stringify(change(text === null ? null : parse(text, schema))),
      { maxBytes: objectLimits.json },
    ),
});

function parse<Value>(text: string, schema: v.GenericSchema<unknown, Value>): Value | null {
  try {
    const result = v.safeParse(schema, JSON.parse(text));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}
