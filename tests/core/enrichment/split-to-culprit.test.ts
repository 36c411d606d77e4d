import { createSplitBudget, splitToCulprit } from '@savepoint/core/enrichment/split-to-culprit.ts';
import { IgdbApiError, StorageError } from '@savepoint/core/errors.ts';
import { failureOf } from '../../support/failure.ts';

const refusal = (status: number, retryable = status >= 500) =>
  new IgdbApiError(status < 500 ? 'IGDB_QUERY_REFUSED' : 'IGDB_UNAVAILABLE', 'No.', {
    retryable,
    details: { status },
  });
const probe = -1;
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Asks for the items of which `refuse` gives no error. */
async function split(
  items: readonly number[],
  refuse: (items: readonly number[]) => Error | undefined,
  budget = createSplitBudget(),
) {
  const asked: (readonly number[])[] = [];
  const answered: number[] = [];
  const culprits: number[] = [];
  const refused: number[] = [];
  const ask = async (some: readonly number[]) => {
    asked.push(some);
    const error = refuse(some);
    if (error) throw error;
    answered.push(...some.filter((item) => item !== probe));
  };
  const run = splitToCulprit(items, ask, {
    probe: () => ask([probe]),
    onCulprit: (item) => culprits.push(item),
    onRefused: (some) => refused.push(...some),
    budget,
  });
  return { run, asked, answered, culprits, refused };
}
const holding =
  (bad: readonly number[], status = 400) =>
  (items: readonly number[]) =>
    items.some((item) => bad.includes(item)) ? refusal(status) : undefined;

test.each([400, 500])(
  'one culprit of a %p among 400 costs eighteen more questions at most',
  async (status) => {
    for (const bad of [0, 137, 399]) {
      const { run, asked, answered, culprits } = await split(numbers(400), holding([bad], status));
      await run;
      expect(culprits).toEqual([bad]);
      expect(answered.sort((a, b) => a - b)).toEqual(numbers(400).filter((item) => item !== bad));
      expect(asked.length).toBeLessThanOrEqual(1 + 1 + 18);
    }
  },
);

test('several culprits, and nothing but culprits, are found', async () => {
  for (const bad of [[1, 2], [0, 4, 9], numbers(10)]) {
    const { run, answered, culprits } = await split(numbers(10), holding(bad));
    await run;
    expect(culprits.sort((a, b) => a - b)).toEqual(bad);
    expect(answered).toHaveLength(10 - bad.length);
  }
});

test('a 500 to everything is IGDB out of order, noticed by the second question', async () => {
  const { run, asked, culprits, refused } = await split(numbers(400), () => refusal(500));
  expect(await failureOf(() => run)).toMatchObject({ code: 'IGDB_UNAVAILABLE', retryable: true });
  expect(asked).toHaveLength(2);
  expect([culprits, refused]).toEqual([[], []]);
});

test.each([400, 404])(
  'a %p to everything is a question that IGDB does not take, noticed by the second',
  async (status) => {
    const { run, asked, culprits, refused } = await split(numbers(400), () => refusal(status));
    await run;
    expect(asked).toHaveLength(2);
    expect(culprits).toEqual([]);
    expect(refused).toEqual(numbers(400));
  },
);

test.each([
  ['a 503', refusal(503)],
  ['a 403', refusal(403, false)],
  ['a 400 of a gateway', refusal(400, true)],
  ['anything else', new StorageError('STORAGE_UNAVAILABLE', 'No.', { retryable: true })],
])('%s says nothing of the question, and nothing is split', async (_, error) => {
  const { run, asked } = await split(numbers(400), () => error);
  expect(await failureOf(() => run)).toBe(error);
  expect(asked).toHaveLength(1);
});

test('where everything is refused but the probe, the search for culprits ends, and the rest is given up', async () => {
  const { run, asked, culprits, refused } = await split(numbers(2000), (items) =>
    items.includes(probe) ? undefined : refusal(400),
  );
  await run;
  expect(asked.length).toBeLessThanOrEqual(152);
  expect(culprits.length).toBeGreaterThan(0);
  expect([...culprits, ...refused].sort((a, b) => a - b)).toEqual(numbers(2000));
});

test('where everything fails with a 500 but the probe, it is to be tried again', async () => {
  const { run, asked } = await split(numbers(2000), (items) =>
    items.includes(probe) ? undefined : refusal(500),
  );
  expect(await failureOf(() => run)).toMatchObject({ code: 'IGDB_UNAVAILABLE', retryable: true });
  expect(asked.length).toBeLessThanOrEqual(152);
});
