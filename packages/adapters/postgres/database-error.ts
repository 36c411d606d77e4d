import { DatabaseError, PipelineError } from '@savepoint/core/errors.ts';

type Kind = { code: string; message: string; operatorHint: string };

const unavailable: Kind = {
  code: 'DATABASE_UNAVAILABLE',
  message: 'The database can not be reached; it will be tried again.',
  operatorHint: 'Look at the state of PostgreSQL, its connection limit and the network between.',
};
const conflict: Kind = {
  code: 'DATABASE_CONFLICT',
  message: 'The database is busy with other imports; it will be tried again.',
  operatorHint: 'Look for long transactions that hold locks on the tables of Savepoint.',
};
const authFailed: Kind = {
  code: 'DATABASE_AUTH_FAILED',
  message: 'The database refused the service; it will be tried again.',
  operatorHint: 'The user or password in the database address is wrong, or the password was rotated.',
};
export const tooSlow: Kind = {
  code: 'DATABASE_TIMEOUT',
  message: 'The database was too slow; it will be tried again.',
  operatorHint:
    'Look for long transactions that hold locks on the tables of Savepoint, and at the load of PostgreSQL.',
};
export const schemaOutdated: Kind = {
  code: 'DATABASE_SCHEMA_OUTDATED',
  message: 'The database waits for an update of its tables; the import will be tried again.',
  operatorHint: 'Run `npm run migrate` with the DATABASE_URL of this deployment.',
};
const failed: Kind = {
  code: 'DATABASE_FAILED',
  message: 'The database refused the import; it will be tried again.',
  operatorHint: 'The reason is in the details. If it repeats, it is a fault of Savepoint.',
};

/** By SQLSTATE, the longest prefix first: https://www.postgresql.org/docs/18/errcodes-appendix.html */
const kindsBySqlState: readonly (readonly [RegExp, Kind])[] = [
  [/^(40001|40P01)$/, conflict],
  // A lock or a statement that took too long: trying again at once would take as long again.
  [/^(55P03|57014)$/, tooSlow],
  [/^28/, authFailed],
  [/^(42P01|42703|42P10|3F000)$/, schemaOutdated],
  // Connection lost, out of resources, shut down or starting, no such database, no more patience.
  [/^(08|53|57P|3D000|25P03)/, unavailable],
];
const lostConnection =
  /ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|Connection terminated|timeout exceeded when trying to connect|connection error and is not queryable/i;

/** Anything thrown around the database, told by what happens next. All of it is retryable: no file is at fault. */
export function toDatabaseError(thrown: unknown): PipelineError {
  if (thrown instanceof PipelineError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  const sqlState = codeOf(thrown);
  return databaseError(kindOf(sqlState, reason), { reason, sql_state: sqlState }, thrown);
}

export const databaseError = (
  { code, message, operatorHint }: Kind,
  details: Record<string, string | null> = {},
  cause?: unknown,
): DatabaseError => new DatabaseError(code, message, { retryable: true, operatorHint, details, cause });

function kindOf(sqlState: string | null, reason: string): Kind {
  if (sqlState === null || !/^[0-9A-Z]{5}$/.test(sqlState))
    return lostConnection.test(`${sqlState} ${reason}`) ? unavailable : failed;
  return kindsBySqlState.find(([pattern]) => pattern.test(sqlState))?.[1] ?? failed;
}

const codeOf = (thrown: unknown): string | null =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : null;
