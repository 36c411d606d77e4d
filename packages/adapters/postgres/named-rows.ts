import type { Named } from '@savepoint/core/contracts/named-list.ts';
import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { NamedRow } from './library-state.ts';
import type { Database } from './schema.ts';
import { unnestRows } from './unnest-rows.ts';

/**
 * The rows of `genres` or `platforms` as one import sees them. There are some hundreds at most, so they are held
 * whole, and only what is new or renamed is written.
 */
export class NamedRows {
  readonly #byIgdbId = new Map<number, NamedRow>();
  readonly #byName = new Map<string, NamedRow>();
  /** What this import named, and when it had learnt that; its first row speaks for it. */
  readonly #told = new Map<number, number>();
  readonly #loadedBefore: boolean;
  #added: NamedRow[] = [];
  readonly #changed = new Set<NamedRow>();

  /** @param loadedBefore an import that is loaded again may correct itself. */
  constructor(rows: readonly NamedRow[], loadedBefore: boolean) {
    this.#loadedBefore = loadedBefore;
    for (const row of [...rows].sort((a, b) => (a.igdb_id ?? Infinity) - (b.igdb_id ?? Infinity)))
      this.#remember(row);
  }

  /** The IGDB ids that this import named, and when it had learnt their names, in Unix seconds. */
  get told(): ReadonlyMap<number, number> {
    return this.#told;
  }

  /** Notes what must be written so that `named` has a row; `idsOf` answers after `write`. */
  note(named: Named, learntAt: number): void {
    if (named.id === null) {
      if (!this.#byName.has(named.name)) this.#add(named, learntAt);
      return;
    }
    const row = this.#byIgdbId.get(named.id);
    if (!row) this.#identify(named.id, named, learntAt);
    else if (!this.#told.has(named.id) && row.name !== named.name && this.#isLater(learntAt, row))
      this.#change(row, named, learntAt);
    if (!this.#told.has(named.id)) this.#told.set(named.id, learntAt);
  }

  #isLater(learntAt: number, row: NamedRow): boolean {
    return learntAt > row.learnt_at || (this.#loadedBefore && learntAt === row.learnt_at);
  }

  /** Ids of the rows, none twice: a file may name one both with and without its id. */
  idsOf(list: readonly Named[]): number[] {
    return [...new Set(list.map((named) => this.#idOf(named)))];
  }

  #idOf(named: Named): number {
    return (named.id === null ? this.#byName.get(named.name) : this.#byIgdbId.get(named.id))!.id;
  }

  /** A row that only had a name gets its id as soon as somebody tells it. */
  #identify(igdbId: number, named: Named, learntAt: number): void {
    const nameless = this.#byName.get(named.name);
    if (nameless && nameless.igdb_id === null) {
      this.#change(nameless, named, learntAt);
      this.#byIgdbId.set(igdbId, nameless);
    } else this.#add(named, learntAt);
  }

  #add({ id, name }: Named, learntAt: number): void {
    const row = { id: 0, igdb_id: id, name, learnt_at: learntAt };
    this.#added.push(row);
    this.#remember(row);
  }

  #change(row: NamedRow, { id, name }: Named, learntAt: number): void {
    if (this.#byName.get(row.name) === row) this.#byName.delete(row.name);
    Object.assign(row, { igdb_id: id, name, learnt_at: learntAt });
    this.#remember(row);
    this.#changed.add(row);
  }

  #remember(row: NamedRow): void {
    if (row.igdb_id !== null) this.#byIgdbId.set(row.igdb_id, row);
    // Of two rows with one name the one that IGDB knows answers for names without an id.
    if ((this.#byName.get(row.name)?.igdb_id ?? null) === null) this.#byName.set(row.name, row);
  }

  /** Hands over what must be written, once. */
  takeUnwritten(): { added: NamedRow[]; changed: NamedRow[] } {
    const added = this.#added;
    const changed = [...this.#changed].filter((row) => !added.includes(row));
    this.#added = [];
    this.#changed.clear();
    return { added, changed };
  }
}

const tables = ['genres', 'platforms'] as const;

/** Writes what is new or renamed in both tables, in one statement, or none when there is nothing. */
export async function writeNamedRows(
  trx: Transaction<Database>,
  named: Record<(typeof tables)[number], NamedRows>,
): Promise<void> {
  const unwritten = tables.map((table) => ({ table, ...named[table].takeUnwritten() }));
  if (unwritten.every(({ added, changed }) => added.length + changed.length === 0)) return;
  const { rows } = await sql<NamedRow & { source: string }>`
    with ${sql.join(unwritten.map(({ table, added, changed }) => writeTable(table, added, changed)))}
    ${sql.join(
      tables.map(
        (table) => sql`select ${table} as source, id, igdb_id, name from ${sql.ref(`new_${table}`)}`,
      ),
      sql` union all `,
    )}`.execute(trx);
  const keyOf = (table: string, row: NamedRow) => `${table} ${row.igdb_id ?? row.name}`;
  const ids = new Map(rows.map((row) => [keyOf(row.source, row), row.id]));
  for (const { table, added } of unwritten) for (const row of added) row.id = ids.get(keyOf(table, row))!;
}

function writeTable(table: string, added: NamedRow[], changed: NamedRow[]): RawBuilder<unknown> {
  const columns = (rows: NamedRow[]) =>
    [
      ['igdb_id', 'int', rows.map((row) => row.igdb_id)],
      ['name', 'text', rows.map((row) => row.name)],
      ['learnt_at', 'int', rows.map((row) => row.learnt_at)],
    ] as const;
  return sql`
    ${sql.ref(`changed_${table}`)} as (
      update ${sql.table(table)} stored set igdb_id = incoming.igdb_id, name = incoming.name, learnt_at = to_timestamp(incoming.learnt_at)
      from ${unnestRows([['id', 'int', changed.map((row) => row.id)], ...columns(changed)])}
      where stored.id = incoming.id
    ),
    ${sql.ref(`new_${table}`)} as (
      insert into ${sql.table(table)} (igdb_id, name, learnt_at)
      select igdb_id, name, to_timestamp(learnt_at) from ${unnestRows(columns(added))} order by igdb_id, name
      on conflict (igdb_id) do update set name = excluded.name
      returning id, igdb_id, name
    )`;
}
