import * as v from 'valibot';
import { CommandFailure, type ExitCode, exitCodes } from './failure.ts';
import type { Target } from './target.ts';

const Queued = v.object({
  import_id: v.string(),
  steam_id: v.string(),
  status: v.literal('queued'),
  status_url: v.string(),
});
export type Queued = v.InferOutput<typeof Queued>;

export type ApiClient = {
  /** What every call must send. */
  headers: Record<string, string>;
  /** @param named anything that names a person. @throws CommandFailure with the API's own sentence */
  requestImport(named: string): Promise<Queued>;
};

/** The HTTP API of a deployment. @throws CommandFailure when nobody knows where it is */
export async function apiOf(target: Target): Promise<ApiClient> {
  const { apiUrl } = target;
  if (apiUrl === null)
    throw new CommandFailure(
      exitCodes.usage,
      `Set API_URL to the address of the HTTP API of ${target.name}.`,
    );
  const token = await target.apiToken();
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  return {
    headers,
    async requestImport(named) {
      const answer = await call(new URL('/imports', apiUrl), {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ steam_id: named }),
      });
      const queued = v.safeParse(Queued, answer);
      if (queued.success) return queued.output;
      throw new CommandFailure(
        exitCodes.unreachable,
        `What answers at ${apiUrl} is not Savepoint's HTTP API.`,
      );
    },
  };
}

async function call(url: URL, init: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    const { code = 'no answer' } = (error as { cause?: { code?: string } }).cause ?? {};
    throw new CommandFailure(
      exitCodes.unreachable,
      `The HTTP API at ${url.origin} cannot be reached (${code}).`,
    );
  }
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return body;
  throw new CommandFailure(exitCodeOf(response.status), detailOf(body, response.status));
}

function exitCodeOf(status: number): ExitCode {
  if (status === 404) return exitCodes.notFound;
  return status === 400 || status === 413 ? exitCodes.usage : exitCodes.unreachable;
}

const Problem = v.object({ detail: v.string() });

/** API Gateway itself refuses a token without a problem document. */
function detailOf(body: unknown, status: number): string {
  const problem = v.safeParse(Problem, body);
  if (problem.success) return problem.output.detail;
  if (status === 401 || status === 403) return 'The HTTP API does not take this token; set API_TOKEN.';
  return `The HTTP API answered HTTP ${status}.`;
}
