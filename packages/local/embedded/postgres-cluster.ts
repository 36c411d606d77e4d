import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  mkdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PipelineError } from '@savepoint/core/errors.ts';
import { type Account, serverAccount } from './postgres-binaries.ts';
import {
  dataDirectory,
  isAlive,
  type PostgresHome,
  runPostgresProgram,
  stopLeftover,
} from './postgres-process.ts';

export const userName = 'savepoint';
export const databaseName = 'savepoint';
const majorVersion = '18';

/** Whom the server runs as: the owner of the cluster when there is one, so that no run locks out the next. */
export async function clusterAccount(dataDir: string): Promise<Account | undefined> {
  const cluster = join(dataDir, 'cluster');
  const account = await serverAccount();
  if (!existsSync(cluster)) return account;
  const { uid, gid } = await stat(cluster);
  if (account !== undefined) return { uid, gid };
  if (uid === process.getuid?.()) return undefined;
  throw new PipelineError(
    'POSTGRES_DATA_OF_ANOTHER_USER',
    `${cluster} belongs to another user (uid ${uid}), for whom it was made; run this as that user or set DATA_DIR to another directory.`,
    { retryable: false, details: { uid } },
  );
}

/** The password of the last run, or a new one that only its owner may read. */
export async function keepPassword(dataDir: string): Promise<string> {
  const path = join(dataDir, 'password');
  if (existsSync(path)) return (await readFile(path, 'utf8')).trim();
  const password = randomBytes(24).toString('base64url');
  await writeFile(path, `${password}\n`, { mode: 0o600 });
  return password;
}

/**
 * Makes the cluster with its user and database, unless it is there. Until it is whole it has another name, so that
 * a run which was stopped halfway leaves nothing that looks like a cluster.
 */
export async function createCluster(home: PostgresHome, password: string): Promise<void> {
  if (existsSync(home.cluster)) return checkVersion(home.cluster);
  const unfinished = { ...home, cluster: `${home.cluster}.unfinished` };
  await rm(unfinished.cluster, { recursive: true, force: true });
  await mkdir(unfinished.cluster, { mode: 0o700 });
  await chmod(unfinished.cluster, 0o700);
  if (home.account !== undefined) await chown(unfinished.cluster, home.account.uid, home.account.gid);
  const directory = dataDirectory(unfinished);
  await runPostgresProgram(
    unfinished,
    'initdb',
    [
      ...['-D', directory, `--username=${userName}`, '--pwfile=/dev/stdin', '--auth=scram-sha-256'],
      // The builtin provider sorts alike on every machine; the system's C.UTF-8 is missing on some.
      ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      ...['--no-sync', '--no-instructions'],
    ],
    `${password}\n`,
  );
  await runPostgresProgram(
    unfinished,
    'postgres',
    ['--single', '-D', directory, 'template1'],
    `CREATE DATABASE ${databaseName}\n`,
  );
  await rename(unfinished.cluster, home.cluster);
}

async function checkVersion(cluster: string): Promise<void> {
  const version = (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim();
  if (version === majorVersion) return;
  throw new PipelineError(
    'POSTGRES_VERSION_DIFFERS',
    `${cluster} was made by PostgreSQL ${version} and this is ${majorVersion}; move it away to start anew, or set DATA_DIR to another directory.`,
    { retryable: false, details: { version } },
  );
}

/**
 * Stops the server that an earlier run left on this cluster. A pid file whose process is now another program, which
 * PostgreSQL would refuse to start over, is removed. Call it only as the owner of the data directory's lock.
 */
export async function stopLeftoverOf(cluster: string): Promise<void> {
  const path = join(cluster, 'postmaster.pid');
  const pid = Number.parseInt(await readFile(path, 'utf8').catch(() => ''), 10);
  if (!(pid > 0) || !isAlive(pid)) return;
  if (await runsIn(pid, cluster)) await stopLeftover(pid, () => runsIn(pid, cluster));
  else await rm(path, { force: true });
}

/** Whether the process is a server on this cluster: its working directory is (Linux), or it names it (elsewhere). */
async function runsIn(pid: number, cluster: string): Promise<boolean> {
  if (process.platform === 'linux') {
    const directory = await readlink(`/proc/${pid}/cwd`).catch(() => null);
    return directory === (await realpath(cluster));
  }
  const ps = promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]);
  return ps.then(
    ({ stdout }) => stdout.includes(cluster),
    () => false,
  );
}
