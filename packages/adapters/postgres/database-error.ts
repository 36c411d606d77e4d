import { DatabaseError, PipelineError } from '@savepoint/core/errors.ts';
import * as v from 'valibot';

/** For the operator: `what` is wrong, and what is `todo`; PostgreSQL's own reason stands between them. */
type Kind = { code: string; what: string; todo: string };

const unavailable: Kind = {
  code: 'DATABASE_UNAVAILABLE',
  what: 'The database cannot be reached',
  todo: 'see whether PostgreSQL runs, has connections left and can be reached from here',
};
const unknownHost: Kind = {
  code: 'DATABASE_UNAVAILABLE',
  what: 'The host of the database is not known',
  todo: 'correct the host in DATABASE_URL',
};
const noSocket: Kind = {
  code: 'DATABASE_UNAVAILABLE',
  what: 'The socket of the database cannot be used',
  todo: 'correct host=/directory in DATABASE_URL, or start PostgreSQL',
};
const notFound: Kind = {
  code: 'DATABASE_NOT_FOUND',
  what: 'There is no such database',
  todo: 'make it with createdb, or correct the name in DATABASE_URL',
};
const noTls: Kind = {
  code: 'DATABASE_TLS_FAILED',
  what: 'The database offers no TLS, which is needed for any other machine',
  todo: 'turn ssl on in PostgreSQL, or connect through a tunnel to localhost',
};
const certificateRefused: Kind = {
  code: 'DATABASE_TLS_FAILED',
  what: 'The certificate of the database is not trusted',
  todo: 'set NODE_EXTRA_CA_CERTS to the file of its CA, or add sslmode=require to DATABASE_URL to go without this check',
};
const conflict: Kind = {
  code: 'DATABASE_CONFLICT',
  what: 'The database is busy with other work',
  todo: 'look for long transactions that hold locks on the tables of Savepoint',
};
const authFailed: Kind = {
  code: 'DATABASE_AUTH_FAILED',
  what: 'The database refused the login',
  todo: 'correct the user and password in DATABASE_URL',
};
const notAdmitted: Kind = {
  code: 'DATABASE_AUTH_FAILED',
  what: 'The database allows no such connection',
  todo: 'add a line to its pg_hba.conf, or sslmode=require to DATABASE_URL if it asks for encryption',
};
const forbiddenToCreate: Kind = {
  code: 'DATABASE_PERMISSION_DENIED',
  what: 'The role in DATABASE_URL may not change the tables of Savepoint',
  todo: 'migrate once as their owner, or grant it CREATE on the schema',
};
const forbidden: Kind = {
  code: 'DATABASE_PERMISSION_DENIED',
  what: 'The role in DATABASE_URL lacks a right',
  todo: 'grant it USAGE on the schema and SELECT, INSERT, UPDATE and DELETE on the tables of Savepoint',
};
const readOnly: Kind = {
  code: 'DATABASE_READ_ONLY',
  what: 'The database takes no changes',
  todo: 'name the primary, not a replica, in DATABASE_URL, and let default_transaction_read_only be off',
};
const noSchema: Kind = {
  code: 'DATABASE_SCHEMA_MISSING',
  what: 'The schema for the tables of Savepoint does not exist',
  todo: 'create it, or correct search_path in DATABASE_URL',
};
export const tooSlow: Kind = {
  code: 'DATABASE_TIMEOUT',
  what: 'The database was too slow',
  todo: 'look for long transactions that hold locks on the tables of Savepoint, and at the load of PostgreSQL',
};
export const schemaOutdated: Kind = {
  code: 'DATABASE_SCHEMA_OUTDATED',
  what: 'The database waits for an update of its tables',
  todo: 'run npm run migrate with this DATABASE_URL, or invoke the migrate function',
};
const failed: Kind = {
  code: 'DATABASE_FAILED',
  what: 'The database refused the statement',
  todo: 'look at the reason; where it is no setting of yours, it is a fault of Savepoint',
};

/** By SQLSTATE and message: https://www.postgresql.org/docs/18/errcodes-appendix.html */
const kindsBySqlState: readonly (readonly [RegExp, Kind])[] = [
  [/^(40001|40P01)/, conflict],
  // A lock or a statement that took too long: trying again at once would take as long again.
  [/^(55P03|57014)/, tooSlow],
  [/^28000 no pg_hba/, notAdmitted],
  [/^28/, authFailed],
  [/^42501 (permission denied for schema|must be owner)/, forbiddenToCreate],
  [/^42501/, forbidden],
  [/^25006/, readOnly],
  [/^3F000/, noSchema],
  [/^(42P01|42703|42P10)/, schemaOutdated],
  [/^3D000/, notFound],
  // Connection lost, out of resources, shut down or starting, no more patience.
  [/^(08|53|57P|25P03)/, unavailable],
];
/** By Node's code and message. */
const kindsByReason: readonly (readonly [RegExp, Kind])[] = [
  [/ENOTFOUND|EAI_AGAIN/, unknownHost],
  [/(ENOENT|EACCES|ECONNREFUSED|ENOTDIR|ENOTSOCK).*\.s\.PGSQL\./, noSocket],
  [/does not support SSL|establishing an SSL connection|no encryption/, noTls],
  [/CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|ERR_TLS/, certificateRefused],
  [/SASL/, authFailed],
  [
    /ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|Connection terminated|timeout exceeded when trying to connect|connection error and is not queryable/i,
    unavailable,
  ],
];

/** Anything thrown around the database, told by what happens next. All of it is retryable: no file is at fault. */
export function toDatabaseError(thrown: unknown): PipelineError {
  if (thrown instanceof PipelineError) return thrown;
  const { reason, code } = readThrown(thrown);
  return databaseError(kindOf(code, reason), { reason, sql_state: code }, thrown);
}

export const databaseError = (
  { code, what, todo }: Kind,
  details: Record<string, string | null> = {},
  cause?: unknown,
): DatabaseError => {
  const reason = details.reason ? ` (${details.reason})` : '';
  return new DatabaseError(code, 'The database cannot take the library right now; it will be tried again.', {
    retryable: true,
    operatorHint: `${what}${reason}: ${todo}.`,
    details,
    cause,
  });
};

function kindOf(code: string | null, reason: string): Kind {
  // Of five letters as well are some of the system's codes, EPIPE for one; no SQLSTATE begins with E.
  const isSqlState = /^[^E][0-9A-Z]{4}$/.test(code ?? '');
  const kinds = isSqlState ? kindsBySqlState : kindsByReason;
  return kinds.find(([pattern]) => pattern.test(`${code} ${reason}`))?.[1] ?? failed;
}

/** Node's own errors are not always instances of our Error. */
const Thrown = v.object({
  message: v.string(),
  code: v.fallback(v.nullish(v.string(), null), null),
  errors: v.optional(v.array(v.unknown())),
});

/** Where a name has several addresses, Node tells each one's failure and nothing of the whole. */
function readThrown(thrown: unknown): { reason: string; code: string | null } {
  const parsed = v.safeParse(Thrown, thrown);
  if (!parsed.success) return { reason: String(thrown), code: null };
  const { message, code, errors } = parsed.output;
  const reason = errors ? errors.map((error) => readThrown(error).reason).join('; ') : message;
  return { reason: reason.replace(/\s+/g, ' ').trim(), code };
}
