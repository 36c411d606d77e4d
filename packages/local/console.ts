import { buildConsole } from '@savepoint/console/build-files.ts';
import type { ConsolePorts } from '@savepoint/functions/api/console.ts';
import { lazy } from '@savepoint/functions/runtime/lazy.ts';

/** The console as it stands in this repository, built when it is first looked at. */
export function createLocalConsole({ drawsCovers }: { drawsCovers: boolean }): ConsolePorts['console'] {
  const files = lazy(async () => new Map((await buildConsole()).map(({ path, packed }) => [path, packed])));
  return {
    readFile: async (path) => (await files()).get(path) ?? null,
    config: { deployment: 'local', draws_covers: drawsCovers, sign_in: null },
  };
}
