import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import type { Trouble } from './trouble.ts';

export type ApiName = 'steam' | 'igdb' | 'twitch';
/** Hono's environment: the raw Node request and response are at hand. */
export type NodeEnv = { Bindings: HttpBindings };

/** A request as it came in, its credentials removed. */
export type RecordedRequest = {
  api: ApiName;
  /** As the real host would see it: `/IPlayerService/GetOwnedGames/v1/`, `/v4/games`, `/oauth2/token`. */
  path: string;
  query: Record<string, string>;
  body: string;
  /** Milliseconds since 1970, on arrival. */
  at: number;
  /** Null while it is open, and for ever when a fault left it hanging or cut it off. */
  status: number | null;
};

/** What the next matching requests get instead of an answer. */
export type Fault = {
  /** Default 1; `Infinity` for all that come. */
  times?: number;
  /** A part of the path, such as `GetOwnedGames`; default: every request. */
  path?: string;
  /** A part of the body, such as a name that IGDB does not take; default: every request. */
  holding?: string;
  /** Default 503. */
  status?: number;
  /** Default: a gateway's HTML page. */
  body?: string;
  /** Default: JSON where the body starts like it, else HTML. */
  contentType?: string;
  /** Sent as `Retry-After`. */
  retryAfterSeconds?: number;
  /** Never answer. */
  hang?: boolean;
  /** Cut the connection. */
  disconnect?: boolean;
};

export type Faults = Record<ApiName, Fault[]>;

/** IGDB's answer to a limit above the plan, misspelt as IGDB misspells it; push it to `faults.igdb`. */
export const requestLimitTooHigh: Fault = {
  status: 403,
  body: JSON.stringify({
    title: 'Forbidden',
    status: 403,
    cause: 'Reqest limit too high',
    details: 'The limit of this key was exceeded.',
  }),
};

const credentials = ['key', 'access_token', 'client_id', 'client_secret'];

/** Applies to every request of one API: records it, and lets a scripted fault answer. */
export function watchTraffic(
  api: ApiName,
  traffic: {
    requests: RecordedRequest[];
    faults: Faults;
    trouble: Pick<Trouble, 'faultOf'>;
    closing: AbortSignal;
  },
): MiddlewareHandler<NodeEnv> {
  return async (c, next) => {
    const request = await record(api, c);
    traffic.requests.push(request);
    const fault = takeFault(traffic.faults[api], request) ?? (await traffic.trouble.faultOf(api));
    if (!fault) {
      await next();
    } else if (fault.hang || fault.disconnect) {
      await leave(c, fault, traffic.closing);
      return;
    } else {
      c.res = answerWith(fault);
    }
    request.status = c.res.status;
  };
}

/** Makes an answer take its time. */
export function delayAnswers(latencyMs: number): MiddlewareHandler<NodeEnv> {
  return async (_c, next) => {
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
    await next();
  };
}

async function record(api: ApiName, c: Context): Promise<RecordedRequest> {
  const at = Date.now();
  const { pathname, searchParams } = new URL(c.req.url);
  const path = pathname.slice(`/${api}`.length);
  const query = Object.fromEntries(withoutCredentials(searchParams));
  const text = await c.req.text();
  const body = api === 'twitch' ? withoutCredentials(new URLSearchParams(text)).toString() : text;
  return { api, path, query, body, at, status: null };
}

function withoutCredentials(parameters: URLSearchParams): URLSearchParams {
  for (const name of credentials) parameters.delete(name);
  return parameters;
}

/** The first fault that fits, used up by one. */
function takeFault(faults: Fault[], { path, body }: RecordedRequest): Fault | undefined {
  const index = faults.findIndex(
    (fault) => path.includes(fault.path ?? '') && body.includes(fault.holding ?? ''),
  );
  const fault = faults[index];
  if (!fault) return undefined;
  const timesLeft = (fault.times ?? 1) - 1;
  if (timesLeft > 0) faults[index] = { ...fault, times: timesLeft };
  else faults.splice(index, 1);
  return fault;
}

/** Holds the connection until the caller or the simulators give up, or cuts it at once. */
async function leave(c: Context<NodeEnv>, fault: Fault, closing: AbortSignal): Promise<void> {
  if (fault.hang && !closing.aborted) {
    await new Promise<void>((resolve) => {
      closing.addEventListener('abort', () => resolve(), { once: true });
      c.env.outgoing.once('close', () => resolve());
    });
  }
  c.env.incoming.socket.destroy();
  c.res = new Response(null);
}

function answerWith({
  status = 503,
  body = htmlPage(status, ''),
  contentType,
  retryAfterSeconds,
}: Fault): Response {
  const isJson = /^\s*[[{]/.test(body);
  const headers = new Headers({
    'Content-Type': contentType ?? (isJson ? 'application/json' : 'text/html; charset=UTF-8'),
  });
  if (retryAfterSeconds !== undefined) headers.set('Retry-After', String(retryAfterSeconds));
  return new Response(body, { status, headers });
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** The HTML in which Steam, and every gateway, tells of a failure, JSON asked for or not. */
export function htmlPage(status: number, text: string): string {
  const title = titles[status] ?? 'Error';
  return `<html><head><title>${title}</title></head><body><h1>${title}</h1>${text}</body></html>`;
}
