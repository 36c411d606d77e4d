import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { PipelineError } from '@savepoint/core/errors.ts';
import type { Account } from './postgres-binaries.ts';

/** Where and as whom PostgreSQL's programs run. */
export type PostgresHome = { binaries: string; cluster: string; account: Account | undefined };
export type PostgresProcess = {
  /** Resolves when it has ended, whoever ended it. */
  ended: Promise<unknown>;
  stop(): Promise<void>;
};

/**
 * The data directory as the server may name it. As another user it cannot walk down to a directory below one that
 * is closed to it, but it may start inside; /proc leads back there without the walk.
 */
export const dataDirectory = ({ cluster, account }: PostgresHome) =>
  account !== undefined && process.platform === 'linux' ? '/proc/self/cwd' : cluster;

const environment = { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC' };

/** Runs one of PostgreSQL's programs in the cluster to its end, with `input` on stdin. @throws PipelineError `POSTGRES_FAILED`. */
export async function runPostgresProgram(
  home: PostgresHome,
  program: string,
  args: readonly string[],
  input: string,
): Promise<void> {
  // Through cat, because /dev/stdin cannot be opened on the socket that Node gives a child as stdin.
  const child = spawn('/bin/sh', ['-c', 'cat | "$@"', 'sh', `${home.binaries}/${program}`, ...args], {
    cwd: home.cluster,
    env: environment,
    ...home.account,
  });
  const log = tail(child.stderr);
  child.stdout.resume();
  child.stdin.end(input);
  const code = await exitOf(child);
  if (code !== 0) throw postgresFailed(program, log());
}

/**
 * Starts the server and waits until it takes connections.
 *
 * It gets its own session, so that Ctrl-C reaches us alone and we stop the work before the database. In return a
 * small shell beside it reads a pipe of ours: however this process ends, the pipe closes and the server is stopped.
 */
export async function startPostgresProcess(
  home: PostgresHome,
  args: readonly string[],
): Promise<PostgresProcess> {
  const watch = '( ( cat <&3; kill -INT $$ ) >/dev/null 2>&1 & ); exec "$@" 3<&-';
  const child = spawn(
    '/bin/sh',
    ['-c', watch, 'sh', `${home.binaries}/postgres`, '-D', dataDirectory(home), ...args],
    {
      cwd: home.cluster,
      env: environment,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      ...home.account,
    },
  );
  const log = tail(child.stderr!);
  const lifeline = child.stdio[3] as Writable;
  const exited = exitOf(child);
  const ready = new Promise<void>((resolve) => {
    child.stderr!.on('data', () => {
      if (log().includes('ready to accept connections')) resolve();
    });
  });
  const code = await Promise.race([ready, exited]);
  if (code !== undefined) {
    lifeline.destroy();
    throw postgresFailed('postgres', log());
  }
  // The shell beside a server that ended by itself has nothing left to watch.
  void exited.then(() => lifeline.destroy());
  return {
    ended: exited,
    stop: async () => {
      lifeline.end();
      await exited;
    },
  };
}

/**
 * Stops a server that an earlier process left behind: in good order, or at once if that takes longer than 15 s.
 * @param isRunning whether `pid` still is that server; where nobody reaps orphans its number never becomes free.
 */
export async function stopLeftover(pid: number, isRunning: () => Promise<boolean>): Promise<void> {
  for (const [signal, seconds] of [
    ['SIGINT', 15],
    ['SIGQUIT', 5],
  ] as const) {
    process.kill(pid, signal);
    for (let waited = 0; waited < seconds; waited += 0.05) {
      if (!(await isRunning())) return;
      await delay(50);
    }
  }
  throw new PipelineError(
    'POSTGRES_STILL_RUNNING',
    `The PostgreSQL of an earlier run (process ${pid}) does not stop; end it with kill -9 ${pid} and start again.`,
    { retryable: false, details: { pid } },
  );
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** Keeps what was written last, and keeps reading, so that the server never blocks on its own log. */
function tail(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-4000);
  });
  return () => text;
}

function postgresFailed(program: string, log: string): PipelineError {
  const reason = /(?:FATAL|PANIC|error|ERROR): *(.*)/.exec(log)?.[1] ?? 'it gave no reason';
  return new PipelineError(
    'POSTGRES_FAILED',
    `The embedded PostgreSQL did not start (${program}): ${reason}`,
    {
      retryable: false,
      operatorHint: 'Look at the log in the details; set DATABASE_URL to use another PostgreSQL.',
      details: { log: log.slice(-1000) },
    },
  );
}
