import { inputClasses } from './classes.ts';
import { heapGrowth, mostGrowthBytes } from './heap-growth.ts';

/** A function is kept for hours: what it has seen must not stay. */

test.each(inputClasses)(
  'after thousands of $name no more is held than before',
  async (input) => {
    expect(await heapGrowth(input, 1)).toBeLessThan(mostGrowthBytes);
  },
  120_000,
);
