import {
  arrayParameter,
  type ElementType,
  type Value,
} from '@savepoint/adapters/postgres/array-parameter.ts';
import fc from 'fast-check';
import { sql } from 'kysely';
import { type LibraryDatabase, openLibraryDatabase } from './library-rows.ts';

let database: LibraryDatabase;
beforeAll(async () => {
  database = await openLibraryDatabase();
});
afterAll(() => database.close());

/** What PostgreSQL makes of the array, and what it calls its type. */
const received = (type: ElementType, values: readonly Value[]) =>
  database.connections[0]!.transaction(async (trx) => {
    const parameter = arrayParameter(type, values);
    const { rows } = await sql<{ list: Value[]; type: string; length: number }>`
      select to_json(list) as list, pg_typeof(list)::text as type, cardinality(list) as length
      from (select ${parameter} as list) as given`.execute(trx);
    return rows[0]!;
  });

// PostgreSQL's text holds no NUL.
const texts = fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.replaceAll('\0', ' '));

test.each<[ElementType, string, fc.Arbitrary<Value>]>([
  ['int', 'integer[]', fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })],
  ['real', 'real[]', fc.integer({ min: -16, max: 16 }).map((part) => part / 16)],
  ['text', 'text[]', fc.oneof(texts, fc.constantFrom('', 'NULL', '{}', '","', '\\', '𠮷体验'))],
])('PostgreSQL receives an array of %s as it was sent, nulls too', (type, name, element) =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.option(element), { maxLength: 30 }), async (values) => {
      expect(await received(type, values)).toEqual({ list: values, type: name, length: values.length });
    }),
    { numRuns: 50 },
  ),
);

test('a number beyond 32 bits is refused, not cut', () => {
  expect(() => arrayParameter('int', [1, 2 ** 31])).toThrow('out of range');
});
