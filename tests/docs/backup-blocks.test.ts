import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { embeddedCredentials } from '@savepoint/local/embedded/credentials.ts';
import pg from 'pg';
import { freePort } from '../support/free-port.ts';
import { type OperatedStack, startOperatedStack } from '../support/operated-stack.ts';
import { canDump, startPostgresOfDump } from '../support/postgres-of-dump.ts';
import { read, root, shellBlocksIn } from './markdown.ts';

/** The documented blocks of backup and restore, as they stand, with the real programs. */
const [, section = ''] = read('docs/operations.md').split('## Backup and restore');
const [backup = '', restore = '', bringBack = ''] = shellBlocksIn(section);

const isThere = (program: string, ...words: string[]) => spawnSync(program, words).status === 0;
const hasAws = isThere('aws', '--version');
const hasMoto = hasAws && isThere('python3', '-c', 'import moto.server');
if (!canDump || !hasAws)
  console.warn('pg_dump with its server, or aws, is not installed: backup and restore were NOT tried');
if (!hasMoto) console.warn('moto is not installed: bringing back a version was NOT tried');

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'savepoint-backup-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** Runs a block in bash; `aws` finds the endpoint, and `npx savepoint` is this repository's. */
async function paste(block: string, endpoint: string, variables: Record<string, string>): Promise<string> {
  const standIns = {
    aws: `PATH=\${PATH#*:} exec aws --endpoint-url '${endpoint}' "$@"`,
    npx: `shift; exec '${process.execPath}' '${root}/packages/cli/savepoint.js' "$@"`,
  };
  for (const [name, does] of Object.entries(standIns)) {
    await writeFile(join(directory, name), `#!/bin/sh\n${does}\n`);
    await chmod(join(directory, name), 0o755);
  }
  const { PATH = '' } = process.env;
  const env = {
    PATH: `${directory}:${PATH}`,
    HOME: directory,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: embeddedCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: embeddedCredentials.secretAccessKey,
    ...variables,
  };
  const { stdout } = await promisify(execFile)('bash', ['-euc', block], {
    cwd: directory,
    env,
    timeout: 60_000,
  });
  return stdout;
}

async function administer(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

/** What nobody could fetch again. */
const known = async (stack: OperatedStack) => ({
  games: await stack.query('select * from library order by steam_id, app_id'),
  journal: await stack.query(
    'select import_id, app_id, kind, minutes_before, minutes_after from library_changes order by import_id, app_id, kind',
  ),
  overrides: await stack.read('overrides', 'list'),
  follows: await stack.read('follows'),
});

(canDump && hasAws ? test : test.skip)(
  'a lost database and lost decisions are restored, and imports go on where they were',
  async () => {
    const postgres = await startPostgresOfDump();
    await administer(postgres.urlOf('postgres'), 'create database savepoint');
    const DATABASE_URL = postgres.urlOf('savepoint');
    const stack = await startOperatedStack({ DATABASE_URL });
    const variables = { DATABASE_URL, BUCKET: stack.bucket };
    try {
      const { steam_id, import_id: first } = await stack.importLibrary('savepoint-sample');
      await stack.read('overrides', 'set', '220', '--igdb-id', 'none', '--note', 'as people decided');
      await stack.read('follow', steam_id);
      await paste(backup, stack.awsEndpointUrl, variables);

      const { import_id: since } = (await (
        await fetch(`${stack.apiUrl}/imports/csv?steam_id=${steam_id}`, {
          method: 'POST',
          headers: { 'content-type': 'text/csv' },
          body: 'appid,name,playtime_forever\n400,Portal,987654\n',
        })
      ).json()) as { import_id: string };
      await stack.waitFor(since);
      const before = await known(stack);
      expect(new Set(before.journal.map(({ import_id }) => import_id))).toEqual(new Set([first, since]));

      await administer(
        postgres.urlOf('postgres'),
        'drop database savepoint with (force)',
        'create database savepoint',
      );
      const remove = (folder: string) =>
        paste(`aws s3 rm --recursive "s3://$BUCKET/${folder}"`, stack.awsEndpointUrl, variables);
      await remove('overrides/');
      await remove('follows/');
      expect(await stack.read('follows')).toMatchObject({ follows: [] });

      await paste(restore, stack.awsEndpointUrl, variables);
      // The same over what is there.
      await paste(restore, stack.awsEndpointUrl, variables);
      expect((await known(stack)).journal.map(({ import_id }) => import_id)).not.toContain(since);
      expect(await stack.read('reconcile', '--all', '--dry-run', '--older-than', '0s')).toMatchObject({
        queued: [],
      });
      await stack.read('rerun', since, '--from', 'enriched');
      // The status was `completed` before: only the journal tells that it was loaded again.
      const hasIt = async () => (await known(stack)).journal.some(({ import_id }) => import_id === since);
      while (!(await hasIt())) await delay(200);
      expect(await known(stack)).toEqual(before);

      expect(await stack.importLibrary('savepoint-sample')).toMatchObject({ status: 'completed' });
      expect((await known(stack)).games.length).toBeGreaterThan(1);
    } finally {
      await stack.close();
      await postgres.close();
    }
  },
  120_000,
);

(hasMoto ? test : test.skip)('a version of what people decided is brought back', async () => {
  const port = await freePort();
  const moto = spawn('python3', ['-m', 'moto.server', '-p', String(port)], { stdio: 'ignore' });
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    while (!(await fetch(endpoint).catch(() => null))) await delay(100);
    const variables = { BUCKET: 'library' };
    await writeFile(join(directory, 'good.csv'), 'good\n');
    await writeFile(join(directory, 'bad.csv'), 'bad\n');
    await paste(
      `aws s3 mb "s3://$BUCKET"
      aws s3api put-bucket-versioning --bucket "$BUCKET" --versioning-configuration Status=Enabled
      aws s3 cp good.csv "s3://$BUCKET/overrides/apps.csv"
      aws s3 cp bad.csv "s3://$BUCKET/overrides/apps.csv"`,
      endpoint,
      variables,
    );
    const [list = '', ...others] = bringBack.split('\n');
    const versions = (await paste(list, endpoint, variables)).trim().split('\n');
    expect(versions).toHaveLength(2);
    const [VERSION = ''] = versions.at(-1)!.split('\t');
    await paste(others.join('\n'), endpoint, { ...variables, VERSION });
    await paste('aws s3 cp "s3://$BUCKET/overrides/apps.csv" now.csv', endpoint, variables);
    expect(await readFile(join(directory, 'now.csv'), 'utf8')).toBe('good\n');
  } finally {
    moto.kill();
    await once(moto, 'exit');
  }
});
