import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lockDataDir } from './data-dir-lock.ts';
import { explainListenError } from './listen-on-loopback.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import {
  clusterAccount,
  createCluster,
  databaseName,
  keepPassword,
  stopLeftoverOf,
  userName,
} from './postgres-cluster.ts';
import { choosePort, isFree, keepPort } from './kept-port.ts';
import { type PostgresHome, type PostgresProcess, startPostgresProcess } from './postgres-process.ts';

export type EmbeddedPostgres = {
  /** `postgres://savepoint:{password}@127.0.0.1:{port}/savepoint`; the user is a superuser. */
  databaseUrl: string;
  /** Stops the server until `resume`. Both may be called twice. */
  interrupt(): Promise<void>;
  resume(): void;
  close(): Promise<void>;
};

/** Hears how a server fares that ended unasked. */
export type PostgresWatcher = {
  ended(): void;
  startedAgain(): void;
  /** It is tried again; the same failure is told once. */
  couldNotStart(error: unknown): void;
};
const nobody: PostgresWatcher = {
  ended: () => undefined,
  startedAgain: () => undefined,
  couldNotStart: () => undefined,
};

/** Data that the next run throws away needs no protection from a power cut. */
const throwAwaySettings = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
];

const restartPauseMs = 500;

/**
 * A real PostgreSQL 18 on 127.0.0.1, made in `dataDir` on the first run. It outlives neither `close` nor this
 * process, however that ends; what an earlier run left behind is stopped first. When it dies it is started again, on
 * the same port, until it runs.
 *
 * Its password is random and kept in `{dataDir}/password` for the owner's eyes: with trust on loopback every user
 * of the machine would be superuser of a server that runs programs (COPY … PROGRAM) as us.
 *
 * @param options.port taken as it is; without it a free one is chosen, and chosen again on later runs while it is free.
 * @param options.durable false trades safety in a power cut for speed, for data that is thrown away. Default true.
 * @throws PipelineError `DATA_DIR_IN_USE`, `PORT_TAKEN`, and others whose code starts with `POSTGRES_`.
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string;
  port?: number;
  durable?: boolean;
  watcher?: PostgresWatcher;
}): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const lock = lockDataDir(dataDir);
  try {
    const account = await clusterAccount(dataDir);
    const binaries = await findPostgresBinaries(account);
    const home = { binaries: binaries.directory, cluster: join(dataDir, 'cluster'), account };
    try {
      const password = await keepPassword(dataDir);
      await createCluster(home, password);
      await stopLeftoverOf(home.cluster);
      const { port, server } = await startOnPort(home, dataDir, options);
      const supervisor = supervise(
        server,
        async () => {
          await stopLeftoverOf(home.cluster);
          return (await startOnPort(home, dataDir, { ...options, port })).server;
        },
        options.watcher ?? nobody,
      );
      return {
        interrupt: supervisor.interrupt,
        resume: supervisor.resume,
        databaseUrl: `postgres://${userName}:${password}@127.0.0.1:${port}/${databaseName}`,
        close: async () => {
          await supervisor.stop();
          await binaries.remove();
          lock.release();
        },
      };
    } catch (error) {
      await binaries.remove();
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function startOnPort(
  home: PostgresHome,
  dataDir: string,
  options: { port?: number; durable?: boolean },
): Promise<{ port: number; server: PostgresProcess }> {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories='];
  if (options.durable === false) settings.push(...throwAwaySettings);
  // Between choosing a port and listening on it another program may take it.
  for (let attempt = 1; ; attempt++) {
    const port = options.port || (await choosePort(dataDir)).port;
    try {
      const server = await startPostgresProcess(home, [
        '-p',
        String(port),
        ...settings.flatMap((setting) => ['-c', setting]),
      ]);
      await keepPort(dataDir, port);
      return { port, server };
    } catch (error) {
      if (await isFree(port)) throw error;
      if (options.port || attempt === 5) throw explainListenError({ code: 'EADDRINUSE', cause: error }, port);
    }
  }
}

type Supervisor = {
  interrupt(): Promise<void>;
  resume(): void;
  stop(): Promise<void>;
};

/** Starts a server that ended unasked again, and again after a pause where that fails; not while it is interrupted. */
function supervise(
  first: PostgresProcess,
  start: () => Promise<PostgresProcess>,
  watcher: PostgresWatcher,
): Supervisor {
  const stopping = new AbortController();
  let server: PostgresProcess | undefined = first;
  let interrupted = false;
  const isWanted = () => !stopping.signal.aborted && !interrupted;
  let told = '';
  const startAgain = async () => {
    try {
      server = await start();
      if (isWanted()) watcher.startedAgain();
      told = '';
    } catch (error) {
      if (told !== String(error)) watcher.couldNotStart(error);
      told = String(error);
    }
  };
  const watch = async () => {
    while (!stopping.signal.aborted) {
      await server?.ended;
      if (server !== undefined && isWanted()) watcher.ended();
      server = undefined;
      await delay(restartPauseMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (isWanted()) await startAgain();
    }
    await server?.stop();
  };
  const watching = watch();
  return {
    interrupt: async () => {
      interrupted = true;
      await server?.stop();
    },
    resume: () => {
      interrupted = false;
    },
    stop: async () => {
      stopping.abort();
      await server?.stop();
      await watching;
    },
  };
}
