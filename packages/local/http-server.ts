import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { PipelineError } from '@savepoint/core/errors.ts';
import { HttpProblem, problemResponse } from '@savepoint/functions/api/problem.ts';
import { foreignCaller } from '@savepoint/simulators/local-callers.ts';
import type { Hono } from 'hono';
import { type Listening, onLoopback } from './listening.ts';
import { explainListenError } from './embedded/listen-on-loopback.ts';

export type HttpServer = { url: string; close(): Promise<void> };

/** Serves an app on 127.0.0.1, and to programs and pages of this machine alone. @param port 0 picks a free one. @throws PipelineError PORT_TAKEN, PORT_FORBIDDEN */
export const serveOnLoopback = (app: Hono, port: number): Promise<HttpServer> => serve(app, port, onLoopback);

/** The same where it is told to listen, and under the names that are allowed. @throws also PipelineError HOST_UNUSABLE */
export async function serve(app: Hono, port: number, { host, allowedHosts }: Listening): Promise<HttpServer> {
  const server = createAdaptorServer({
    fetch: (request, env) => refuseForeign(request, allowedHosts) ?? app.fetch(request, env),
  });
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw explainHostError(error, host) ?? explainListenError(error, port, 'PORT');
  }
  return {
    // Whoever listens everywhere is also found here.
    url: `http://${/^(0\.0\.0\.0|::)$/.test(host) ? '127.0.0.1' : host}:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}

function explainHostError(error: unknown, host: string): PipelineError | null {
  const { code = '' } = error as { code?: string };
  if (!['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'].includes(code)) return null;
  return new PipelineError('HOST_UNUSABLE', `This machine has no address ${host}: try --host 0.0.0.0.`, {
    retryable: false,
    cause: error,
  });
}

function refuseForeign({ headers }: Request, allowedHosts: readonly string[]): Response | null {
  const reason = foreignCaller({ host: headers.get('host'), origin: headers.get('origin') }, allowedHosts);
  return reason === null ? null : problemResponse(new HttpProblem(403, 'CALLER_NOT_LOCAL', reason));
}
