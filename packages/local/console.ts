import { buildConsole } from '@savepoint/console/build-files.ts';
import type { ConsolePorts } from '@savepoint/functions/api/console.ts';
import { lazy } from '@savepoint/functions/runtime/lazy.ts';
import type { Simulators } from '@savepoint/simulators/start-simulators.ts';
import { Hono } from 'hono';

/** The console as it stands in this repository, built when it is first looked at. */
export function createLocalConsole({ drawsCovers }: { drawsCovers: boolean }): ConsolePorts['console'] {
  const files = lazy(async () => new Map((await buildConsole()).map(({ path, packed }) => [path, packed])));
  return {
    readFile: async (path) => (await files()).get(path) ?? null,
    config: { deployment: 'local', draws_covers: drawsCovers, sign_in: null },
  };
}

/** The API, with the simulators' covers where the console looks for them. A picture loads nothing and runs nothing. */
export function withDrawnCovers(api: Hono, simulators: Pick<Simulators, 'drawCover'> | null): Hono {
  if (simulators === null) return api;
  const app = new Hono();
  app.get('/console/covers/:file{\\w+\\.svg}', (context) => {
    const cover = simulators.drawCover(context.req.param('file').replace(/\.svg$/, ''));
    if (cover === null) return context.text('There is no such cover.', 404);
    return context.body(cover, 200, {
      'content-type': 'image/svg+xml',
      'content-security-policy': "default-src 'none'",
      'cache-control': 'public, max-age=86400',
      'x-content-type-options': 'nosniff',
    });
  });
  app.all('*', (context) => api.fetch(context.req.raw, context.env));
  return app;
}
