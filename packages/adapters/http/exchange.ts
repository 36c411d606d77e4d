import ky from 'ky';

/** One HTTP exchange whose failures are values: ky's own errors carry the URL, and with it Steam's key. */

export type HttpRequest = {
  method: 'get' | 'post';
  url: string;
  searchParams?: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
  body?: string | URLSearchParams;
  /** For the whole exchange, the body included. */
  timeoutSeconds: number;
  signal?: AbortSignal | undefined;
};

export type HttpAnswer = { status: number; text: string; retryAfterSeconds: number | undefined };
/** `reason` is `timeout`, `stopped` (the caller's signal), or a network error's code such as `ECONNREFUSED`. */
export type NoAnswer = { status: null; reason: string };

/** Never throws and never retries. Redirects are not followed, so that credentials stay with the host they belong to. */
export async function exchange(request: HttpRequest): Promise<HttpAnswer | NoAnswer> {
  const { method, url, timeoutSeconds, signal, ...options } = request;
  const timeout = AbortSignal.timeout(Math.round(timeoutSeconds * 1000));
  try {
    const response = await ky(url, {
      ...options,
      method,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      timeout: false,
      retry: 0,
      throwHttpErrors: false,
      redirect: 'manual',
    });
    const text = await response.text();
    const retryAfterSeconds = parseRetryAfter(response.headers.get('Retry-After'), Date.now());
    return { status: response.status, text, retryAfterSeconds };
  } catch (error) {
    if (signal?.aborted) return { status: null, reason: 'stopped' };
    return { status: null, reason: timeout.aborted ? 'timeout' : networkReason(error) };
  }
}

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

/** The innermost error code; messages are left alone, because they name the URL. */
function networkReason(error: unknown): string {
  let reason = 'network';
  for (
    let inner = error;
    typeof inner === 'object' && inner !== null;
    inner = 'cause' in inner && inner.cause
  ) {
    if ('code' in inner && typeof inner.code === 'string' && /^[A-Z0-9_]{1,40}$/.test(inner.code))
      reason = inner.code;
  }
  return reason;
}
