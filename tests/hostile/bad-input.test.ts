import fc from 'fast-check';
import { inputClasses } from './classes.ts';
import { generatedRuns } from './input-class.ts';

/** Whatever comes from outside: no crash, no 500, no lost neighbour, no wrong success, no secret told. */

describe.each(inputClasses)('$name', ({ named, generated, check }) => {
  test.each(named)('%s', async (_what, input) => {
    await check(input);
  });

  test('whatever else', async () => {
    await fc.assert(
      fc.asyncProperty(generated, async (input) => {
        await check(input);
      }),
      { numRuns: generatedRuns },
    );
  });
});

test('there are enough of them', () => {
  expect(inputClasses.reduce((sum, { named }) => sum + named.length, 0)).toBeGreaterThanOrEqual(80);
  expect(inputClasses.length * generatedRuns).toBeGreaterThanOrEqual(10_000);
});
