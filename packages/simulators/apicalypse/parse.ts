import { parseCondition } from './parse-condition.ts';
import { type NamedQuery, type Query, QueryRefused } from './query.ts';
import { TokenReader } from './token-reader.ts';

const defaultLimit = 10;
const largestLimit = 500;
const largestMultiquery = 10;

/** `fields a,b.c; where …; sort id asc; limit 500;` @throws QueryRefused */
export function parseQuery(text: string): Query {
  const reader = new TokenReader(text);
  const query = readClauses(reader);
  reader.expectEnd();
  return query;
}

/** `query games "name" { fields …; }; query …` @throws QueryRefused, also above 10 queries. */
export function parseMultiquery(text: string): NamedQuery[] {
  const reader = new TokenReader(text);
  const queries: NamedQuery[] = [];
  while (reader.takeWord('query')) {
    const endpoint = reader.expect('word');
    const name = reader.expect('string');
    reader.expectSymbol('{');
    const query = readClauses(reader);
    reader.expectSymbol('}');
    reader.expectSymbol(';');
    queries.push({ endpoint, name, query });
  }
  reader.expectEnd();
  if (queries.length === 0) reader.fail('query');
  if (queries.length > largestMultiquery) {
    throw new QueryRefused('Too many queries', `A multiquery may hold at most ${largestMultiquery} queries`);
  }
  return queries;
}

function readClauses(reader: TokenReader): Query {
  const query: Query = { fields: [], limit: defaultLimit, offset: 0 };
  while (reader.peek().kind === 'word') {
    readClause(reader, reader.expect('word'), query);
    reader.expectSymbol(';');
  }
  if (query.search !== undefined && query.sort) {
    const cause = 'Search is sorting on relevancy and therefore sort is not applicable on search';
    throw new QueryRefused('Search Error', cause, 406);
  }
  return query;
}

function readClause(reader: TokenReader, name: string, query: Query): void {
  switch (name) {
    case 'fields':
      query.fields = readFields(reader);
      break;
    case 'where':
      query.where = parseCondition(reader);
      break;
    case 'search':
      query.search = reader.expect('string');
      break;
    case 'sort':
      query.sort = readSort(reader);
      break;
    case 'limit':
      query.limit = readCount(reader, name, 1, largestLimit);
      break;
    case 'offset':
      query.offset = readCount(reader, name, 0, Number.MAX_SAFE_INTEGER);
      break;
    default:
      throw new QueryRefused('Syntax Error', `Unknown clause '${name}'`);
  }
}

function readFields(reader: TokenReader): string[][] {
  const fields: string[][] = [];
  do fields.push(reader.takeSymbol('*') ? ['*'] : reader.expect('word').split('.'));
  while (reader.takeSymbol(','));
  return fields;
}

function readSort(reader: TokenReader): Query['sort'] {
  const path = reader.expect('word').split('.');
  const descending = reader.takeWord('desc');
  if (!descending) reader.takeWord('asc');
  return { path, descending };
}

function readCount(reader: TokenReader, clause: string, least: number, most: number): number {
  const count = Number(reader.expect('number'));
  if (Number.isInteger(count) && count >= least && count <= most) return count;
  throw new QueryRefused('Invalid Value', `${clause} must be from ${least} to ${most}`);
}
