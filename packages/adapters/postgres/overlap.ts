import { setImmediate } from 'node:timers/promises';

/** Lets a statement go out, so that PostgreSQL works on it while this process goes on. Await it later: its failure shows there. */
export async function sent(statement: Promise<unknown>): Promise<void> {
  statement.catch(() => undefined);
  await setImmediate();
}
