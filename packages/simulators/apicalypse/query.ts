/** A query in IGDB's language, parsed. A path is a dotted field: `game.name` is `['game', 'name']`. */

export type Literal = string | number | boolean | null;
export type Operator = '=' | '!=' | '~' | '!~' | '>' | '>=' | '<' | '<=';

export type Comparison = {
  kind: 'comparison';
  path: string[];
  operator: Operator;
  /** A list means any of these. */
  value: Literal | Literal[];
  /** `*"text"` may have something before, `"text"*` something after. */
  openStart: boolean;
  openEnd: boolean;
};

export type Condition = Comparison | { kind: '&' | '|'; conditions: Condition[] };

export type Query = {
  fields: string[][];
  where?: Condition;
  sort?: { path: string[]; descending: boolean };
  search?: string;
  limit: number;
  offset: number;
};

export type NamedQuery = { endpoint: string; name: string; query: Query };

/** A query that IGDB refuses; the API answers `[{title, status, cause}]`. */
export class QueryRefused extends Error {
  readonly title: string;
  readonly status: 400 | 406;

  constructor(title: string, cause: string, status: 400 | 406 = 400) {
    super(cause);
    this.title = title;
    this.status = status;
  }
}
