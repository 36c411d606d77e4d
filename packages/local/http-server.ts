import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { HttpProblem, problemResponse } from '@savepoint/functions/api/problem.ts';
import { foreignCaller } from '@savepoint/simulators/local-callers.ts';
import type { Hono } from 'hono';
import { explainListenError } from './embedded/listen-on-loopback.ts';

export type HttpServer = { url: string; close(): Promise<void> };

/** Serves an app on 127.0.0.1, and to programs and pages of this machine alone. @param port 0 picks a free one. @throws PipelineError PORT_TAKEN, PORT_FORBIDDEN */
export async function serveOnLoopback(app: Hono, port: number): Promise<HttpServer> {
  const server = createAdaptorServer({
    fetch: (request, env) => refuseForeign(request) ?? app.fetch(request, env),
  });
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    throw explainListenError(error, port, 'PORT');
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

function refuseForeign({ headers }: Request): Response | null {
  const reason = foreignCaller({ host: headers.get('host'), origin: headers.get('origin') });
  return reason === null ? null : problemResponse(new HttpProblem(403, 'CALLER_NOT_LOCAL', reason));
}
