import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ImportView } from '@savepoint/core/contracts/import-view.ts';
import { explainListenError } from '@savepoint/local/embedded/listen-on-loopback.ts';
import { explainDataDirError } from '@savepoint/local/data-dir.ts';
import { createTestDatabase } from '../support/database.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { type Program, runProgram } from '../support/program.ts';

/** `npm start` and its ends, good and bad. */

const directory = temporaryDirectory();
afterAll(() => directory.remove());

const start = (variables: Record<string, string> = {}) =>
  runProgram('packages/local/start.ts', [], {
    PORT: '0',
    AWS_PORT: '0',
    DATA_DIR: directory.path,
    ...variables,
  });
const apiOf = async (program: Program) => (await program.printed(/HTTP API +(\S+)/))[1]!;

async function post(api: string, steamId: string): Promise<string> {
  const answer = await fetch(`${api}/imports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ steam_id: steamId }),
  });
  expect(answer.status).toBe(202);
  return ((await answer.json()) as { import_id: string }).import_id;
}

async function ended(api: string, importId: string): Promise<ImportView> {
  for (;;) {
    const view = (await (await fetch(`${api}/imports/${importId}`)).json()) as ImportView;
    if (view.status === 'completed' || view.status === 'failed') return view;
    await delay(50);
  }
}

test('it says where everything is and what to try, and keeps its data over a restart', async () => {
  const first = start();
  const api = await apiOf(first);
  expect(first.output()).toMatch(/S3 and SQS +http:\/\/127\.0\.0\.1:\d+/);
  expect(first.output()).toMatch(/PostgreSQL +postgres:\/\//);
  expect(first.output()).toMatch(/curl .*\/imports[\s\S]*aws s3 cp .*raw\/[\s\S]*dead-letters/);
  const [, sample = ''] = /aws s3 cp (\S+)/.exec(first.output()) ?? [];
  expect(existsSync(join(import.meta.dirname, '../..', sample))).toBe(true);
  const importId = await post(api, 'savepoint-sample');
  await ended(api, importId);
  first.process.kill('SIGINT');
  expect(await first.ended).toBe(0);

  const second = start();
  expect(await ended(await apiOf(second), importId)).toMatchObject({ status: 'completed' });
  second.process.kill('SIGTERM');
  expect(await second.ended).toBe(0);
}, 60_000);

test('what a killed process had in hand is completed by the next one', async () => {
  const killed = start();
  const api = await apiOf(killed);
  const importIds = await Promise.all(Array.from({ length: 5 }, () => post(api, 'savepoint-thousand')));
  killed.process.kill('SIGKILL');
  await killed.ended;

  const next = start();
  const nextApi = await apiOf(next);
  for (const importId of importIds)
    expect(await ended(nextApi, importId)).toMatchObject({ status: 'completed' });
  next.process.kill('SIGINT');
  expect(await next.ended).toBe(0);
}, 120_000);

test('a second Ctrl-C ends it at once, and the next start is none the worse', async () => {
  const impatient = start();
  await post(await apiOf(impatient), 'savepoint-large');
  impatient.process.kill('SIGINT');
  await impatient.printed(/Stopping/);
  impatient.process.kill('SIGINT');
  expect([0, 130]).toContain(await impatient.ended);
  const next = start();
  await apiOf(next);
  next.process.kill('SIGINT');
  expect(await next.ended).toBe(0);
}, 60_000);

test('a taken port and a directory in use are told in one sentence', async () => {
  const running = start();
  const api = await apiOf(running);
  const other = temporaryDirectory();
  const samePort = start({ PORT: new URL(api).port, DATA_DIR: other.path });
  const sameDirectory = start();
  expect(await samePort.ended).toBe(1);
  expect(samePort.output().trim()).toMatch(/^Port \d+ on 127\.0\.0\.1 is taken .* set PORT to .*$/);
  expect(await sameDirectory.ended).toBe(1);
  expect(sameDirectory.output().trim()).toMatch(/^\S+ is in use by process \d+; .*DATA_DIR.*$/);
  running.process.kill('SIGINT');
  expect(await running.ended).toBe(0);
  other.remove();
}, 60_000);

test('a database of one’s own is used, and its password is not shown', async () => {
  const database = await createTestDatabase();
  const { username, password, pathname } = new URL(database.url);
  const program = start({ DATABASE_URL: database.url, API_TOKEN: 'short' });
  await apiOf(program);
  expect(program.output()).toContain(`${pathname} (from DATABASE_URL)`);
  expect(program.output()).not.toContain(`${username}:${password}`);
  program.process.kill('SIGINT');
  expect(await program.ended).toBe(0);
  await database.drop();
}, 60_000);

test.each([
  ['a reader that saw enough', 'head -3', 0, 'Nothing reads the output any more.'],
  ['a full disk', 'cat >/dev/full', 1, ''],
])(
  '%s ends it in good order',
  async (_what, reader, exitCode, sentence) => {
    const { path: dataDir } = directory;
    const node = `exec '${process.execPath}' packages/local/start.ts`;
    const command = reader.startsWith('cat') ? `${node} >/dev/full` : `${node} | ${reader}`;
    const shell = spawn('/bin/sh', ['-c', command], {
      cwd: new URL('../..', import.meta.url),
      env: { PATH: process.env.PATH, PORT: '0', AWS_PORT: '0', DATA_DIR: dataDir },
    });
    let said = '';
    shell.stderr.on('data', (chunk) => (said += chunk));
    shell.stdout.resume();
    const [code] = await once(shell, 'close');
    expect(code).toBe(exitCode);
    expect(said.split('\n').filter((line) => line !== '')).toEqual([
      expect.stringMatching(new RegExp(`^${sentence}.* Savepoint stops; the data stays in ${dataDir}\\.$`)),
    ]);
    expect(existsSync(join(dataDir, 'stack.json'))).toBe(false);
  },
  60_000,
);

test('a data directory where nothing can be kept is told in one sentence', async () => {
  const file = join(directory.path, 'a-file');
  writeFileSync(file, '');
  // Nothing can be made in the file systems of the kernel, not even by root.
  const kernels = process.platform === 'linux' ? ['/proc', '/proc/self/below', '/sys'] : [];
  for (const DATA_DIR of [file, join(file, 'below'), ...kernels]) {
    const program = start({ DATA_DIR });
    expect(await program.ended).toBe(1);
    expect(program.output()).toMatch(
      /^Nothing can be stored in \S+: .*set DATA_DIR to another directory\.\n$/,
    );
  }
});

test.each([
  [{ code: 'EROFS' }, 'cannot be written to'],
  [{ code: 'EACCES' }, 'this user may not write there'],
  [{ code: 'ENOSPC' }, 'the disk is full'],
  [{ code: 'ERR_SQLITE_ERROR', errcode: 13 }, 'the disk is full'],
  [{ code: 'ERR_SQLITE_ERROR', errcode: 1544 }, 'cannot be written to'],
])('%j is told as what is wrong with the directory', (error, reason) => {
  expect(explainDataDirError(Object.assign(new Error('x'), error), '/data')).toMatchObject({
    code: 'DATA_DIR_UNUSABLE',
    message: expect.stringContaining(reason),
  });
});

test.each([
  [
    { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
    /^The S3 and SQS at http:\/\/127\.0\.0\.1:1 cannot be used \(ECONNREFUSED.*\): .*$/,
  ],
  [
    { DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/games' },
    /^The database cannot be reached \(.*127\.0\.0\.1:1\): .*$/,
  ],
])('what is away is named, with the reason: %j', async (variables, sentence) => {
  const database = await createTestDatabase();
  const program = start({ DATABASE_URL: database.url, ...variables });
  expect(await program.ended).toBe(1);
  await database.drop();
  const said = program
    .output()
    .split('\n')
    .filter((line) => !/^(Waiting for .*)?$/.test(line));
  expect(said).toEqual([expect.stringMatching(sentence)]);
  expect(program.output()).not.toContain('secret');
});

test.each([
  ['EADDRINUSE', 'PORT_TAKEN'],
  ['EACCES', 'PORT_FORBIDDEN'],
])('a port that cannot be had (%s) is told with the variable to set', (code, expected) => {
  expect(explainListenError(Object.assign(new Error('x'), { code }), 80, 'PORT')).toMatchObject({
    code: expected,
    message: expect.stringMatching(/^Port 80 on 127\.0\.0\.1 is .*set PORT to another one/),
  });
});

test('its files are for their owner alone', async () => {
  const other = temporaryDirectory();
  const dataDir = join(other.path, 'data');
  const program = start({ DATA_DIR: dataDir });
  await apiOf(program);
  const open = (readdirSync(dataDir, { recursive: true }) as string[]).filter((name) => {
    const { mode } = statSync(join(dataDir, name));
    return !name.startsWith('postgres/cluster/') && (mode & 0o077) !== 0;
  });
  expect({ open, mode: statSync(dataDir).mode & 0o777 }).toEqual({ open: [], mode: 0o700 });
  program.process.kill('SIGINT');
  expect(await program.ended).toBe(0);
  other.remove();
}, 60_000);

test('a blank token is refused by name, and so is a name that is nearly ours', async () => {
  const blank = start({ API_TOKEN: ' , ' });
  expect(await blank.ended).toBe(1);
  expect(blank.output()).toMatch(/^The environment is not usable: .*API_TOKEN is blank.*\n$/);
  writeFileSync(join(directory.path, '.env'), 'STEAM_APIKEY=x\n');
  const misspelt = runProgram('packages/local/start.ts', [], {}, directory.path);
  expect(await misspelt.ended).toBe(1);
  expect(misspelt.output()).toBe('.env is unusable: STEAM_APIKEY must be written STEAM_API_KEY.\n');
});

test('every fault of the environment is told at once', async () => {
  const faulty = start({
    PORT: 'http',
    LOG_LEVEL: 'loud',
    DATABASE_URL: 'mysql://x',
    AWS_ENDPOINT_URL: 'nowhere',
    STEAM_API_URL: 'http://127.0.0.1:1',
    COMPLETION_WEBHOOK_URL: 'http://127.0.0.1:1',
  });
  expect(await faulty.ended).toBe(1);
  for (const name of ['PORT', 'LOG_LEVEL', 'DATABASE_URL', 'AWS_ENDPOINT_URL'])
    expect(faulty.output()).toContain(name);
  expect(faulty.output()).toContain('STEAM_API_URL needs STEAM_API_KEY');
  expect(faulty.output()).toContain('COMPLETION_WEBHOOK_URL needs COMPLETION_WEBHOOK_KEY');
  expect(faulty.output().trim().split('\n')).toHaveLength(1);
});

test('it has the trouble that savepoint simulate asks for, until Ctrl-C or the time is over, and is deleted by reset', async () => {
  const { path: DATA_DIR, remove } = temporaryDirectory();
  const savepoint = (...args: string[]) => runProgram('packages/cli/savepoint.js', args, { DATA_DIR });
  const stack = start({ DATA_DIR });
  const api = await apiOf(stack);

  const hiding = savepoint('simulate', 'private-profile', '--for', '5m');
  await hiding.printed(/Everybody on Steam hides/);
  const second = savepoint('simulate', 'steam-down');
  expect(await second.ended).toBe(2);
  expect(second.output()).toContain('has private-profile already');
  expect(await ended(api, await post(api, 'savepoint-sample'))).toMatchObject({ status: 'failed' });
  hiding.process.kill('SIGINT');
  expect(await hiding.ended).toBe(0);
  expect(await ended(api, await post(api, 'savepoint-sample'))).toMatchObject({ status: 'completed' });

  const stopped = savepoint('simulate', 'database-down', '--for', '4s');
  await stopped.printed(/PostgreSQL is stopped/);
  const importId = await post(api, 'savepoint-sample');
  const view = await ended(api, importId);
  expect(view).toMatchObject({ status: 'completed' });
  expect(view.stages[2]!.attempts).toBeGreaterThan(1);
  expect(await stopped.ended).toBe(0);
  expect(stack.output()).toMatch(/Simulating database-down\.[\s\S]*The simulated database-down is over\./);

  const inUse = savepoint('reset', '--yes');
  expect(await inUse.ended).toBe(2);
  expect(inUse.output().trim()).toBe(
    `savepoint: The local stack of ${DATA_DIR} is running: stop it with Ctrl-C in its terminal, or with kill ${stack.process.pid}, and run reset again.`,
  );
  stack.process.kill('SIGINT');
  expect(await stack.ended).toBe(0);
  writeFileSync(join(DATA_DIR, 'mine.txt'), '');
  expect(await savepoint('reset').ended).toBe(2);
  expect(await savepoint('reset', '--yes').ended).toBe(0);
  expect(readdirSync(DATA_DIR)).toEqual(['mine.txt']);
  remove();
}, 60_000);

test('--host opens the API alone, with a token, to the names that are allowed', async () => {
  const open = temporaryDirectory();
  const begin = (args: string[], variables: Record<string, string> = {}) =>
    runProgram('packages/local/start.ts', args, {
      PORT: '0',
      AWS_PORT: '0',
      DATA_DIR: open.path,
      ...variables,
    });
  for (const [args, sentence] of [
    [['--host', '0.0.0.0'], /^--host .*set API_TOKEN/],
    [['--allow-host', 'x.example'], /^--allow-host needs --host/],
    [['--port', '1'], /^Unknown option '--port'\. npm start understands --host/],
  ] as const) {
    const refused = begin([...args]);
    expect(await refused.ended).toBe(1);
    expect(refused.output().trim()).toMatch(sentence);
  }
  const database = await createTestDatabase();
  const stack = begin(['--host', '0.0.0.0', '--allow-host', 'pipeline.example'], {
    API_TOKEN: 'a-token',
    DATABASE_URL: database.url,
  });
  const port = Number(new URL(await apiOf(stack)).port);
  const ask = (host: string, path: string, token = '') =>
    new Promise<number>((resolve, reject) => {
      // 127.0.0.2 is this machine, too, and nobody listens there who listens on 127.0.0.1 alone.
      const headers = { host, ...(token && { authorization: `Bearer ${token}` }) };
      get({ host: '127.0.0.2', port, path, headers }, ({ statusCode = 0 }) => resolve(statusCode)).on(
        'error',
        reject,
      );
    });
  expect(await ask(`pipeline.example:${port}`, '/queues', 'a-token')).toBe(200);
  expect(await ask(`pipeline.example:${port}`, '/queues')).toBe(401);
  expect(await ask('attacker.example', '/queues', 'a-token')).toBe(403);
  const [, awsPort = ''] = /S3 and SQS +http:\/\/127\.0\.0\.1:(\d+)/.exec(stack.output()) ?? [];
  await expect(fetch(`http://127.0.0.2:${awsPort}/health`)).rejects.toThrow();
  stack.process.kill('SIGINT');
  expect(await stack.ended).toBe(0);
  await database.drop();
  open.remove();
}, 60_000);
