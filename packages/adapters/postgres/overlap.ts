import { setImmediate } from 'node:timers/promises';

/** Lets a statement go out, so that PostgreSQL works on it while this process goes on. Await it later: its failure shows there. */
export async function sent(statement: Promise<unknown>): Promise<void> {
  statement.catch(() => undefined);
  await setImmediate();
}

/** Does `work` on each item, in order and one at a time, while the next item is read: two items are in memory. */
export async function forEachReadingAhead<Item>(
  items: AsyncIterable<Item>,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  let working = Promise.resolve();
  try {
    for await (const item of items) {
      await working;
      working = work(item);
      await sent(working);
    }
  } finally {
    // Also when reading failed: no statement may follow the end of the transaction.
    await working;
  }
}
