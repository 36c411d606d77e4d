import { type RawBuilder, sql } from 'kysely';
import type { LibraryState } from './library-state.ts';

/** What a column holds after a fact: the later word where both told one, else the only one. */
export type Choose = (incoming: RawBuilder<unknown>, stored: RawBuilder<unknown>) => RawBuilder<unknown>;

/**
 * Whether the incoming fact was learnt after what `stored` holds, and after what `confirmed` heard again.
 * An import that is loaded again may correct itself. False for a new row.
 */
export const isLater = (column: 'learnt_at' | 'named_at', { loadedBefore }: LibraryState) => {
  const name = sql.ref(column);
  return sql`coalesce(to_timestamp(incoming.${name}) ${sql.raw(loadedBefore ? '>=' : '>')}
    coalesce(greatest(stored.${name}, confirmed.${name}), '-infinity'), false)`;
};

export const laterWins =
  (later: RawBuilder<unknown>): Choose =>
  (incoming, stored) =>
    sql`case when ${later} then coalesce(${incoming}, ${stored}) else coalesce(${stored}, ${incoming}) end`;
