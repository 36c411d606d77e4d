import fc from 'fast-check';
import * as v from 'valibot';
import type { Cell } from '@savepoint/core/contracts/cells.ts';
import { enrichedColumns } from '@savepoint/core/contracts/enriched-library.ts';

const oddValue = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.double(),
  fc.integer(),
  fc.constantFrom(-0, 1e-7, 0.1 + 0.2, 2 ** 31, 1_790_000_000, '2024-02-30', '0000-01-01', 'a\r\nb', ' x '),
  fc.array(fc.constantFrom('steam', 'igdb', 'No', '', 'a|b'), { maxLength: 12 }),
  fc.array(fc.integer({ min: 0, max: 2 ** 32 }), { maxLength: 3 }),
);

test.each(enrichedColumns.map(({ name, cell }) => [name, cell as Cell<unknown>]))(
  'what %s takes from JSON is read again as it was written',
  (_, { fromJson, fromText, write }) => {
    fc.assert(
      fc.property(oddValue, (json) => {
        const taken = v.safeParse(fromJson, json);
        if (!taken.success) return;
        const text = write(taken.output);
        expect(v.parse(fromText, text === null ? '' : String(text))).toEqual(taken.output);
      }),
    );
  },
);
