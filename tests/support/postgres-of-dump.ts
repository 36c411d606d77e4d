import { execFile, spawnSync } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serverAccount } from '@savepoint/local/embedded/postgres-binaries.ts';
import { freePort } from './free-port.ts';

const run = promisify(execFile);

/** The server that `pg_dump` can copy: it refuses newer ones, and the embedded PostgreSQL comes without it. */
const version = /\) (\d+)/.exec(spawnSync('pg_dump', ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1];
const programs = `/usr/lib/postgresql/${version}/bin`;
export const canDump =
  version !== undefined && spawnSync(join(programs, 'initdb'), ['--version']).status === 0;

/** A throw-away PostgreSQL as old as `pg_dump`. @returns the address of a database by its name. */
export async function startPostgresOfDump() {
  const directory = await mkdtemp(join(tmpdir(), 'savepoint-postgres-'));
  const account = await serverAccount();
  if (account) await chown(directory, account.uid, account.gid);
  const as = { ...account, cwd: directory };
  const data = join(directory, 'data');
  const port = await freePort();
  await run(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'owner', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'],
    as,
  );
  const options = `-p ${port} -h 127.0.0.1 -k ${directory} -c fsync=off`;
  await run(
    join(programs, 'pg_ctl'),
    ['start', '-w', '-D', data, '-l', join(directory, 'log'), '-o', options],
    as,
  );
  return {
    urlOf: (database: string) => `postgres://owner@127.0.0.1:${port}/${database}`,
    async close() {
      await run(join(programs, 'pg_ctl'), ['stop', '-w', '-m', 'immediate', '-D', data], as);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
