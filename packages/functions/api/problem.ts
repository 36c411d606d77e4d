import { type PipelineError, toPipelineError, ValidationError } from '@savepoint/core/errors.ts';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** What a call is refused with; becomes an RFC 9457 problem. `code` is stable, upper-snake. */
export class HttpProblem extends Error {
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What the problem says beside what all problems say. */
  readonly further: Readonly<Record<string, unknown>>;

  constructor(
    status: ContentfulStatusCode,
    code: string,
    detail: string,
    headers: Record<string, string> = {},
    further: Record<string, unknown> = {},
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.headers = headers;
    this.further = further;
  }
}

const titles: Partial<Record<number, string>> = {
  400: 'Unusable input',
  401: 'Not authorised',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  413: 'Body too large',
  415: 'Not JSON',
  422: 'Cannot be sent',
  500: 'Internal error',
  503: 'Temporarily unavailable',
};

/** Where the other side says nothing, callers are asked to wait as long. */
const retryAfterSeconds = 30;

const notFoundCodes: ReadonlySet<string> = new Set(['STEAM_PROFILE_NOT_FOUND', 'OBJECT_NOT_FOUND']);

function problemOf(error: PipelineError): HttpProblem {
  if (notFoundCodes.has(error.code)) return new HttpProblem(404, error.code, error.message);
  if (error instanceof ValidationError) return new HttpProblem(400, error.code, error.message);
  if (error.code === 'UNEXPECTED')
    return new HttpProblem(500, error.code, 'Something unexpected went wrong; the log says why.');
  if (!error.retryable) return new HttpProblem(500, error.code, error.message);
  return new HttpProblem(503, error.code, error.message, {
    'retry-after': String(Math.ceil(error.retryAfterSeconds ?? retryAfterSeconds)),
  });
}

/** Answers any failure of a call as `application/problem+json`. */
export function answerProblem(context: Context, thrown: unknown): Response {
  const problem = thrown instanceof HttpProblem ? thrown : problemOf(toPipelineError(thrown));
  return context.body(problemText(problem), problem.status, headersOf(problem));
}

/** A refusal before any route is looked for. */
export const problemResponse = (problem: HttpProblem): Response =>
  new Response(problemText(problem), { status: problem.status, headers: headersOf(problem) });

const problemText = (problem: HttpProblem): string =>
  JSON.stringify({
    type: 'about:blank',
    title: titles[problem.status] ?? 'Problem',
    status: problem.status,
    code: problem.code,
    detail: problem.message,
    ...problem.further,
  });

const headersOf = (problem: HttpProblem): Record<string, string> => ({
  'content-type': 'application/problem+json',
  ...problem.headers,
});
