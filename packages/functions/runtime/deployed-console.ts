import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConsolePorts } from '../api/console.ts';
import type { Env } from './env.ts';
import type { Issuer } from './issuer.ts';

/** Where the deployment puts the built console, beside the function's bundle (stacks/api.ts). */
const directory = join(import.meta.dirname, 'console');

/** The console that was deployed with the API. */
export const createDeployedConsole = ({ deployment }: Env, { signIn }: Issuer): ConsolePorts['console'] => ({
  async readFile(path) {
    // Nobody's path leads out of the directory: names are flat, and have no dots but one.
    if (!/^(assets\/)?[\w-]+\.[a-z]+$/.test(path)) return null;
    const content = await readFile(join(directory, `${path}.gz`)).catch(nothing);
    return content && new Uint8Array(content);
  },
  config: { deployment, draws_covers: false, sign_in: signIn },
});

function nothing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
