import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { PipelineError } from '@savepoint/core/errors.ts';
import type { FastifyInstance } from 'fastify';

const initialization = 'fastify.initialization';

/**
 * Runs `start` and hands `prepare` the Fastify app that `start` makes before its first `await`, ahead of all its
 * routes. Fastify announces itself on a diagnostics channel; that is the one public way into an app that a
 * library builds for itself.
 */
export function withFastifyApp<T>(
  prepare: (app: FastifyInstance) => void,
  start: () => Promise<T>,
): Promise<T> {
  const listener = (message: unknown) => prepare((message as { fastify: FastifyInstance }).fastify);
  subscribe(initialization, listener);
  try {
    return start();
  } finally {
    unsubscribe(initialization, listener);
  }
}

/** Makes the app listen on 127.0.0.1 whatever it asks for: fauxqs asks for every interface and checks no signature. */
export function listenOnLoopback(app: FastifyInstance): void {
  const listen = app.listen.bind(app) as (options: object) => Promise<string>;
  app.listen = ((options: object) => listen({ ...options, host: '127.0.0.1' })) as typeof app.listen;
}

/** EADDRINUSE as a sentence: `PORT_TAKEN`. Any other error comes back as it is. */
export function explainListenError(error: unknown, port: number): unknown {
  if ((error as { code?: unknown } | null)?.code !== 'EADDRINUSE') return error;
  return new PipelineError(
    'PORT_TAKEN',
    `Port ${port} on 127.0.0.1 is taken by another program; stop that one or choose another port (0 picks a free one).`,
    { retryable: false, cause: error, details: { port } },
  );
}
