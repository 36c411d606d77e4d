import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Builds the console anew, with the Node and the bundler of this repository and not those of SST. The API's function finds
 * it beside its bundle (packages/functions/runtime/deployed-console.ts).
 */
export function buildConsole(): { from: string; to: string } {
  const { root } = $cli.paths;
  execFileSync('npm', ['run', '--silent', 'console:build'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const from = 'packages/console/dist';
  if (!existsSync(join(root, from, 'index.html.gz')))
    throw new Error('The console was not built: run npm ci, and deploy again.');
  return { from, to: 'console' };
}
