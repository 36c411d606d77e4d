import type { ClientRequest } from 'node:http';
import { request as requestHttps } from 'node:https';
import { readBody, TooLarge } from './read-body.ts';

/**
 * One HTTP exchange whose failures are values: an HTTP client's own errors carry the URL, and with it Steam's key.
 * On Node's own sockets, because the deadline must hold until the last byte: a signal that is handed to `fetch` or ky
 * can be lost when garbage is collected, while destroying the request ends whatever it waits for. It also tells when
 * the request went out, which IGDB's limit has to know.
 */

export type HttpRequest = {
  method: 'get' | 'post';
  url: string;
  searchParams?: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
  body?: string | URLSearchParams;
  /** For the whole exchange, the body included. */
  timeoutSeconds: number;
  /** The most that the body may have, unpacked; 0 to leave it unread, for who only wants the status. */
  maxBytes: number;
  signal?: AbortSignal | undefined;
  /** Hears when the whole request was handed to the network, over a connection that stands. */
  onSent?: () => void;
};

export type HttpAnswer = { status: number; text: string; retryAfterSeconds: number | undefined };
/**
 * `reason` is `timeout`, `stopped` (the caller's signal), `too large`, or a network error's code such as
 * `ECONNREFUSED`.
 */
export type NoAnswer = { status: null; reason: string };

/** Never throws and never retries. Redirects are not followed, so that credentials stay with the host they belong to. */
export function exchange(request: HttpRequest): Promise<HttpAnswer | NoAnswer> {
  const { timeoutSeconds, signal } = request;
  return new Promise((resolve) => {
    let sending: ClientRequest | undefined;
    const end = (outcome: HttpAnswer | NoAnswer) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      // Also of an answer that was left unread. One that was read to its end has given its connection back.
      if (outcome.status === null || request.maxBytes === 0) sending?.destroy();
      resolve(outcome);
    };
    const fail = (reason: string) => end({ status: null, reason });
    const stop = () => fail('stopped');
    const timer = setTimeout(fail, Math.round(timeoutSeconds * 1000), 'timeout');
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) return stop();
    try {
      sending = send(request);
    } catch (error) {
      return fail(networkReason(error));
    }
    // Listens to the end: a connection that is destroyed may still report an error.
    sending.on('error', (error) => fail(networkReason(error)));
    sending.on('response', async (response) => {
      const { statusCode: status = 0, headers } = response;
      const retryAfterSeconds = parseRetryAfter(headers['retry-after'] ?? null, Date.now());
      try {
        end({ status, text: await readBody(response, request.maxBytes), retryAfterSeconds });
      } catch (error) {
        fail(networkReason(error));
      }
    });
  });
}

/** @throws Error for an address that is none, or headers that HTTP does not allow. */
function send({ method, url: address, searchParams, headers, body, onSent }: HttpRequest): ClientRequest {
  const url = new URL(address);
  for (const [name, value] of Object.entries(searchParams ?? {})) url.searchParams.set(name, value);
  const bodyType = body instanceof URLSearchParams ? 'application/x-www-form-urlencoded' : 'text/plain';
  const request = url.protocol === 'https:' ? requestHttps : plainHttp().request;
  const sending = request(url, {
    method: method.toUpperCase(),
    headers: {
      'User-Agent': 'savepoint',
      'Accept-Encoding': 'gzip',
      ...(body === undefined ? {} : { 'Content-Type': `${bodyType};charset=UTF-8` }),
      ...headers,
    },
  });
  if (onSent) sending.on('finish', onSent);
  return sending.end(body?.toString());
}

/** Not imported: an import also loads Node's WebSockets, a fifth of a function's start, and only this machine is asked so. */
const plainHttp = () => process.getBuiltinModule('node:http');

/** The body as JSON; undefined when it is none, such as the HTML of a gateway. */
export function jsonOf(answer: HttpAnswer): unknown {
  try {
    return JSON.parse(answer.text);
  } catch {
    return undefined;
  }
}

/** `base` + `path`, whether or not `base` ends with a slash. */
export const join = (base: string, path: string): string => `${base.replace(/\/+$/, '')}/${path}`;

/** Seconds of a `Retry-After` header, given as seconds or as an HTTP date. */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header);
  const seconds = Math.ceil((Date.parse(header) - nowMs) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

/** The error's code; messages are left alone, because they may name the URL. */
function networkReason(error: unknown): string {
  if (error instanceof TooLarge) return 'too large';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? code : 'network';
}
