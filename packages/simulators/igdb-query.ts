import { type Query, QueryRefused } from './apicalypse/query.ts';
import { checkPath, compileCondition } from './igdb-filter.ts';
import { type Entity, schemas } from './igdb-schema.ts';
import { follow, type Row, type Tables, type Value } from './igdb-tables.ts';

/** A field asked for, and what is asked of the rows it refers to; an empty map asks for the bare value. */
type Selection = Map<string, Selection>;
export type ResultRow = { [field: string]: Value | ResultRow | (ResultRow | number)[] };

/** Filters, searches or sorts, pages, and picks the fields. @throws QueryRefused */
export function runQuery(tables: Tables, entity: Entity, query: Query): ResultRow[] {
  for (const path of query.fields) checkPath(entity, path);
  let rows = [...tables[entity].values()];
  if (query.where) rows = rows.filter(compileCondition(tables, entity, query.where));
  if (query.search !== undefined) rows = search(tables, entity, rows, query.search);
  if (query.sort) rows = sort(entity, rows, query.sort);
  const selection = toSelection(query.fields);
  return rows
    .slice(query.offset, query.offset + query.limit)
    .map((row) => select(tables, entity, row, selection));
}

function sort(entity: Entity, rows: Row[], { path, descending }: NonNullable<Query['sort']>): Row[] {
  const { field } = checkPath(entity, path);
  const sign = descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [left, right] = [a[field] ?? 0, b[field] ?? 0];
    if (left === right) return a.id - b.id;
    return left < right ? -sign : sign;
  });
}

const toWords = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/**
 * Every game that shares a word with the text, most words first. Like the real search it knows no exact match:
 * among equals the newest id leads, so that editions and DLC come before the game itself.
 */
function search(tables: Tables, entity: Entity, rows: readonly Row[], text: string): Row[] {
  if (!schemas[entity].isSearchable) throw new QueryRefused('Search Error', `${entity} cannot be searched`);
  const wanted = toWords(text);
  const scored = rows.map((row) => {
    const held = wordsOf(tables, entity, row);
    return { row, score: wanted.filter((word) => held.has(word)).length };
  });
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || b.row.id - a.row.id)
    .map(({ row }) => row);
}

/** Kept as long as the tables: thousands of searches walk over all games of a large catalogue. */
const knownWords = new WeakMap<Tables, Map<Row, ReadonlySet<string>>>();

/** The words of all names of a row. */
function wordsOf(tables: Tables, entity: Entity, row: Row): ReadonlySet<string> {
  const known = knownWords.get(tables) ?? new Map<Row, ReadonlySet<string>>();
  knownWords.set(tables, known);
  const before = known.get(row);
  if (before) return before;
  const names = [row, ...follow(tables, entity, row, 'alternative_names')].map(({ name }) => String(name));
  const words = new Set(names.flatMap(toWords));
  known.set(row, words);
  return words;
}

function toSelection(fields: readonly string[][]): Selection {
  const selection: Selection = new Map();
  for (const path of fields) {
    let level = selection;
    for (const field of path) {
      const deeper: Selection = level.get(field) ?? new Map();
      level.set(field, deeper);
      level = deeper;
    }
  }
  return selection;
}

/** The `id` is always there; a reference comes as bare ids unless something of it was asked for. */
function select(tables: Tables, entity: Entity, row: Row, selection: Selection): ResultRow {
  const result: ResultRow = { id: row.id };
  const fields = selection.has('*') ? new Set([...Object.keys(row), ...selection.keys()]) : selection.keys();
  for (const field of fields) {
    const value = row[field];
    if (value === undefined) continue;
    const inner = selection.get(field);
    const target = schemas[entity].references[field];
    if (!target || !inner || inner.size === 0) {
      result[field] = value;
      continue;
    }
    const rows = follow(tables, entity, row, field).map((next) => select(tables, target, next, inner));
    // A reference to a row that is not there stays a bare id.
    result[field] = Array.isArray(value) ? rows : (rows[0] ?? value);
  }
  return result;
}
