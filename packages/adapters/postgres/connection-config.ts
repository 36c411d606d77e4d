import { DatabaseError } from '@savepoint/core/errors.ts';
import type { ClientConfig } from 'pg';

const localHosts = ['localhost', '127.0.0.1', '::1'];
const connectTimeoutMs = 10_000;

/**
 * A database address as settings for `pg`. Anything that is not this machine is reached over TLS with a verified
 * certificate; `sslmode=require` and `no-verify` give up the verification, nothing gives up TLS.
 * @throws DatabaseError DATABASE_URL_INVALID, which never repeats the address.
 */
export function connectionConfig(databaseUrl: string): ClientConfig {
  const url = URL.parse(databaseUrl);
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) throw invalid('it is no address');
  const host = decode(url.hostname || (url.searchParams.get('host') ?? 'localhost')).replace(/^\[|\]$/g, '');
  // A path is a Unix socket.
  const local = localHosts.includes(host) || host.startsWith('/');
  return {
    host,
    port: Number(url.port || (url.searchParams.get('port') ?? 5432)),
    database: decode(url.pathname.slice(1)) || 'postgres',
    user: decode(url.username) || 'postgres',
    password: decode(url.password),
    ssl: tlsOf(url.searchParams.get('sslmode'), local),
    application_name: 'savepoint',
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
  };
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
    throw invalid('it has a % that is not encoded as %25');
  }
}

const invalid = (reason: string) =>
  new DatabaseError(
    'DATABASE_URL_INVALID',
    'The service is not set up yet: its database address is unusable.',
    {
      // Somebody can mend the setting while the message waits.
      retryable: true,
      operatorHint: `DATABASE_URL is unusable: ${reason}. It must look like postgresql://user:password@host:5432/database.`,
    },
  );
