import { withDrawnCovers } from '@savepoint/local/console.ts';
import { startSimulators } from '@savepoint/simulators/start-simulators.ts';
import { Hono } from 'hono';

test('covers of the simulated IGDB are served beside the API, and everything else by it', async () => {
  const simulators = await startSimulators();
  const api = new Hono().all('*', (context) => context.text(`the API: ${context.req.path}`));
  const app = withDrawnCovers(api, simulators);
  const cover = await app.request('/console/covers/co1x7d.svg');
  expect([cover.status, cover.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
  expect(cover.headers.get('content-security-policy')).toBe("default-src 'none'");
  expect(await cover.text()).toContain('PORTAL');
  expect((await app.request('/console/covers/nobodys.svg')).status).toBe(404);
  expect(await (await app.request('/console/imports')).text()).toBe('the API: /console/imports');
  await simulators.close();
});
