import { readToken } from './token.ts';

/** The HTTP API, which serves this page as well: one origin, one way to ask. */

/** A problem as the API words it (RFC 9457), or what kept the API from answering. */
export class ApiProblem extends Error {
  /** HTTP status; 0 where nobody answered. */
  readonly status: number;
  readonly code: string;
  /** Seconds to wait before asking again. */
  readonly retryAfterSeconds: number | null;
  /** What the problem tells beside its sentence. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: string,
    detail: string,
    retryAfterSeconds: number | null = null,
    members: Record<string, unknown> = {},
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
    this.members = members;
  }
}

type Call = {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is. */
  csv?: Blob;
  signal?: AbortSignal;
};

/** The gateway gives up after 30 s. */
const deadlineMs = 35_000;

/**
 * @param path with its query, such as `/imports?max=20`.
 * @returns the body of the answer; undefined where there is none.
 * @throws ApiProblem
 */
export async function call<Answer>(path: string, options: Call = {}): Promise<Answer> {
  return (await tell<Answer>(path, options, null)).answer;
}

/** An answer and its tag; null: it has none. */
export type Told<Answer> = { answer: Answer; tag: string | null };

/**
 * Asks for what was told before. While it has not changed, `before` comes back as it is: a library of thousands takes
 * the page nearly half a second to read.
 * @throws ApiProblem
 */
export const callAgain = <Answer>(
  path: string,
  before: Told<Answer> | null,
  signal: AbortSignal,
): Promise<Told<Answer>> => tell(path, { signal }, before);

async function tell<Answer>(
  path: string,
  { method = 'GET', json, csv, signal }: Call,
  before: Told<Answer> | null,
): Promise<Told<Answer>> {
  const token = readToken();
  const type = csv ? 'text/csv' : json === undefined ? undefined : 'application/json';
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    const response = await fetch(path, {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(type && { 'content-type': type }),
      },
      body: csv ?? (json === undefined ? null : JSON.stringify(json)),
      // The browser keeps what has a tag, and asks whether it still holds.
      cache: 'no-cache',
      credentials: 'omit',
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    });
    if (!response.ok) throw await problemOf(response);
    const tag = response.headers.get('etag');
    if (before !== null && tag !== null && tag === before.tag) {
      await response.body?.cancel();
      return before;
    }
    return { answer: (response.status === 204 ? undefined : await response.json()) as Answer, tag };
  } catch (error) {
    if (error instanceof ApiProblem || signal?.aborted) throw error;
    const isLate = deadline.aborted;
    throw new ApiProblem(
      0,
      isLate ? 'API_SILENT' : 'API_AWAY',
      isLate
        ? 'The API takes too long to answer.'
        : 'The API does not answer. Is it running, and are you online?',
    );
  }
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const body = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const after = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ApiProblem(
    response.status,
    typeof body.code === 'string' ? body.code : `HTTP_${response.status}`,
    sentenceOf(response.status, body),
    Number.isFinite(after) ? after : null,
    body,
  );
}

/** The gateway words its own refusals, of tokens and of too many calls, in two words. */
function sentenceOf(status: number, { detail }: Record<string, unknown>): string {
  if (typeof detail === 'string') return detail;
  if (status === 401 || status === 403) return 'This token is not accepted.';
  if (status === 429) return 'Too many calls at once. It goes on in a moment.';
  return `The API answered with status ${status}.`;
}
