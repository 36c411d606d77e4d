import { type RawBuilder, sql } from 'kysely';
import type { LibraryState } from './library-state.ts';

/** What a column holds after a fact: the later word where both told one, else the only one. */
export type Choose = (incoming: RawBuilder<unknown>, stored: RawBuilder<unknown>) => RawBuilder<unknown>;

type TimeColumn = 'learnt_at' | 'named_at';

/**
 * Whether the incoming fact was learnt after what `stored` holds, and after what `confirmed` heard again.
 * An import that is loaded again may correct itself. False for a new row.
 */
export const isLater = (column: TimeColumn, state: LibraryState) =>
  isLaterThan(
    sql`greatest(${sql.ref(`stored.${column}`)}, ${sql.ref(`confirmed.${column}`)})`,
    column,
    state,
  );

/** The same after one time alone. @param time null for long ago. */
export const isLaterThan = (
  time: RawBuilder<unknown>,
  column: TimeColumn,
  { loadedBefore }: LibraryState,
): RawBuilder<boolean> =>
  sql`coalesce(to_timestamp(${sql.ref(`incoming.${column}`)}) ${sql.raw(loadedBefore ? '>=' : '>')}
    coalesce(${time}, '-infinity'), false)`;

export const laterWins =
  (later: RawBuilder<unknown>): Choose =>
  (incoming, stored) =>
    sql`case when ${later} then coalesce(${incoming}, ${stored}) else coalesce(${stored}, ${incoming}) end`;
