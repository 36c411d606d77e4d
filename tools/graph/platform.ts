import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** SST's component sources and the Pulumi SDK, which `sst install` puts here. */
export const platformDirectory = join(root, '.sst', 'platform');

const markerFile = join(platformDirectory, 'installed-by-stacks');
const lockFile = join(root, '.sst', 'install-lock.sqlite');
const sqliteBusy = 5;
const installTimeoutMilliseconds = 5 * 60_000;

/**
 * Installs SST's platform from the npm registry unless it is there. SST's own command would also download Pulumi and
 * bun, which neither the types nor the graph need and a closed network refuses. Several processes may call it at once.
 * @returns whether it had to install.
 * @throws Error saying what to do, where the registry cannot be reached.
 */
export async function ensurePlatform(): Promise<boolean> {
  if (await isInstalled()) return false;
  await mkdir(dirname(lockFile), { recursive: true });
  const unlock = await lock();
  try {
    if (await isInstalled()) return false;
    await install();
    await writeFile(markerFile, await sstVersion());
    return true;
  } finally {
    unlock();
  }
}

const isInstalled = async () => (await readText(markerFile)) === (await sstVersion());

async function sstVersion(): Promise<string> {
  const manifest = await readText(join(root, 'node_modules', 'sst', 'package.json'));
  if (manifest === undefined) throw new Error('The package sst is not installed: run `npm ci` first.');
  return (JSON.parse(manifest) as { version: string }).version;
}

async function install(): Promise<void> {
  const cli = join(root, 'node_modules', 'sst', 'bin', 'sst.mjs');
  const environment = {
    ...process.env,
    ...{ SST_SKIP_DEPENDENCY_CHECK: '1', NO_BUN: '1', DO_NOT_TRACK: '1' },
    // The configuration is read, and refuses to deploy without the one and with the other; nothing is deployed here.
    ...{ AWS_REGION: process.env.AWS_REGION || 'us-east-1', AWS_ENDPOINT_URL: '' },
  };
  // Jest's own options would be passed on to SST's npm.
  delete (environment as Record<string, string | undefined>).NODE_OPTIONS;
  try {
    await promisify(execFile)(process.execPath, [cli, 'install', '--stage', 'test'], {
      cwd: root,
      env: environment,
      timeout: installTimeoutMilliseconds,
    });
  } catch (error) {
    const { stderr = '' } = error as { stderr?: string };
    throw new Error(
      "SST's platform (.sst/platform) is missing and could not be installed. " +
        'Run `npm run stacks:install` where the npm registry can be reached, then try again.' +
        (stderr.trim() === '' ? '' : `\n${stderr.trim()}`),
      { cause: error },
    );
  }
}

/**
 * Waits until no other process holds the lock. SQLite's file lock goes with its process, however that ends, so that
 * none is ever left behind.
 * @returns how to let go of it.
 */
async function lock(): Promise<() => void> {
  const deadline = Date.now() + installTimeoutMilliseconds;
  const database = new DatabaseSync(lockFile);
  for (;;) {
    try {
      database.exec('BEGIN EXCLUSIVE');
      return () => database.close();
    } catch (error) {
      const isBusy = (error as { errcode?: number }).errcode === sqliteBusy;
      if (!isBusy || Date.now() > deadline) throw error;
      await sleep(250);
    }
  }
}

const readText = (path: string) => readFile(path, 'utf8').catch(() => undefined);
