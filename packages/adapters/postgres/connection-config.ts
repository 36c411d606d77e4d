import { DatabaseError } from '@savepoint/core/errors.ts';
import type { ClientConfig } from 'pg';

const localHosts = ['localhost', '127.0.0.1', '::1'];
const connectTimeoutMs = 10_000;

/**
 * A database address as settings for `pg`, in libpq's form: `postgresql://user:password@host:port/database?…`, where
 * `host=/directory` means a Unix socket, and `options` and `search_path` set what the session begins with. Anything
 * that is not this machine is reached over TLS with a verified certificate; `sslmode=require` and `no-verify` give up
 * the verification, nothing gives up TLS.
 *
 * What `pg` would else take from variables such as PGPASSWORD is given here, so that the address alone decides.
 * https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-CONNSTRING-URIS
 * @throws DatabaseError DATABASE_URL_INVALID, which never repeats the address.
 */
export function connectionConfig(databaseUrl: string): ClientConfig {
  const { user, password, host, port, database, query } = partsOf(databaseUrl.trim());
  // A path is a Unix socket.
  const local = localHosts.includes(host) || host.startsWith('/');
  const options = sessionOptions(query);
  return {
    host,
    port,
    database,
    user,
    // In place of an empty text `pg` takes PGPASSWORD or ~/.pgpass, but not in place of a function.
    password: password || (() => ''),
    ...(options && { options }),
    ssl: tlsOf(query.get('sslmode'), local),
    sslnegotiation: 'postgres',
    client_encoding: 'utf8',
    application_name: 'savepoint',
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
  };
}

function partsOf(address: string) {
  const rest = /^postgres(?:ql)?:\/\/(.*)$/s.exec(address)?.[1];
  if (rest === undefined) throw invalid('it is no address');
  // Behind the host none of these has a meaning, so they belong to a password that began with, say, `p#`.
  if (/^[^/?#]*[/?#].*@|#/s.test(rest))
    throw invalid(
      'a # / ? or @ in its user, password or database must be written as %23 %2F %3F or %40 (and % as %25)',
    );
  const [, authority = '', path = '', queryText = ''] = /^([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(rest)!;
  const query = new URLSearchParams(queryText);
  const at = authority.lastIndexOf('@');
  const [, user = '', password = ''] = /^([^:]*):?(.*)$/s.exec(authority.slice(0, Math.max(at, 0)))!;
  const server = /^(\[[^\]]*\]|[^:,]*)(?::(\d{1,5}))?$/.exec(authority.slice(at + 1));
  if (server === null) throw invalid('behind the @ it needs one host, and behind a : a port number');
  const [, host = '', port] = server;
  return {
    user: decode(user) || query.get('user') || 'postgres',
    password: decode(password) || query.get('password') || '',
    host: decode(host).replace(/^\[|\]$/g, '') || query.get('host') || 'localhost',
    port: Number(port || query.get('port') || 5432),
    database: decode(path) || query.get('dbname') || 'postgres',
    query,
  };
}

/** What the server is told to set at the start of the session; a blank in a value is escaped as libpq does. */
function sessionOptions(query: URLSearchParams): string {
  const searchPath = query.get('search_path');
  return [
    ...(query.get('options') ? [query.get('options')] : []),
    ...(searchPath ? [`-c search_path=${searchPath.replace(/[\\\s]/g, '\\$&')}`] : []),
  ].join(' ');
}

function tlsOf(sslMode: string | null, local: boolean): ClientConfig['ssl'] {
  if (sslMode === 'require' || sslMode === 'no-verify') return { rejectUnauthorized: false };
  if (sslMode === 'verify-full' || sslMode === 'verify-ca') return { rejectUnauthorized: true };
  if (local) return false;
  if (sslMode === 'disable') throw invalid('sslmode=disable is for a database on this machine only');
  return { rejectUnauthorized: true };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalid('it has a % that is not written as %25');
  }
}

const invalid = (reason: string) =>
  new DatabaseError(
    'DATABASE_URL_INVALID',
    `DATABASE_URL is unusable: ${reason}. It must look like postgresql://user:password@host:5432/database.`,
    // Somebody can mend the setting while the message waits.
    { retryable: true },
  );
