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

/** A port that cannot be had as a sentence: `PORT_TAKEN`, `PORT_FORBIDDEN`. Any other error comes back as it is. */
export function explainListenError(error: unknown, port: number, variable = 'the port'): unknown {
  const { code } = (error ?? {}) as { code?: unknown };
  const refused = refusals[String(code)];
  if (refused === undefined) return error;
  const sentence = `Port ${port} on 127.0.0.1 ${refused.reason} or set ${variable} to another one (0 picks a free one).`;
  return new PipelineError(refused.code, sentence, { retryable: false, cause: error, details: { port } });
}

const refusals: Readonly<Record<string, { code: string; reason: string }>> = {
  EADDRINUSE: { code: 'PORT_TAKEN', reason: 'is taken by another program: stop that one' },
  EACCES: {
    code: 'PORT_FORBIDDEN',
    reason: 'is for root alone, as those below 1024 mostly are: choose a higher one',
  },
};
