import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';

export type Received = { url: URL; method: string; headers: IncomingMessage['headers']; body: string };
export type Handler = (request: Received, response: ServerResponse) => void | Promise<void>;

/** A server that answers what no real one should; closed, connections and all, after `use`. */
export async function withServer<Result>(
  handler: Handler,
  use: (server: { url: string; received: Received[] }) => Promise<Result>,
): Promise<Result> {
  const received: Received[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const request: Received = {
      url: new URL(incoming.url ?? '/', 'http://localhost'),
      method: incoming.method ?? '',
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString(),
    };
    received.push(request);
    await handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

export function sendHtml(response: ServerResponse, status: number, text = ''): void {
  response.writeHead(status, { 'Content-Type': 'text/html' }).end(`<html><body>${text}</body></html>`);
}

/** A port that nothing listens on. */
export const closedPort = (): Promise<string> =>
  withServer(
    () => {},
    async ({ url }) => url,
  );

export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  const outcome = await promise.then(
    (value) => new TypeError(`expected a failure, got ${inspect(value)}`),
    (error) => error,
  );
  return outcome;
}

/** Everything that a logger could find in an error: message, stack, details, causes, hidden properties. */
export const everythingOf = (error: Error): string =>
  [
    inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true }),
    JSON.stringify(error, Object.getOwnPropertyNames(error)),
    String(error),
    error.stack,
  ].join('\n');
