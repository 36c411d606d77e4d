import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { explainListenError } from './embedded/listen-on-loopback.ts';

export type HttpServer = { url: string; close(): Promise<void> };

/** Serves an app on 127.0.0.1 alone. @param port 0 picks a free one. @throws PipelineError PORT_TAKEN */
export async function serveOnLoopback(app: Hono, port: number): Promise<HttpServer> {
  const server = createAdaptorServer({ fetch: app.fetch });
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    throw explainListenError(error, port);
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}
