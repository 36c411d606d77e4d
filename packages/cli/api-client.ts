import { setTimeout as delay } from 'node:timers/promises';
import type { ImportView } from '@savepoint/core/contracts/import-view.ts';
import { FoundGame } from '@savepoint/core/operations/search-games.ts';
import * as v from 'valibot';
import { CommandFailure, type ExitCode, exitCodes } from './failure.ts';
import { Unread } from './story/follow-import.ts';
import type { Target } from './target.ts';

const Queued = v.object({
  import_id: v.string(),
  steam_id: v.string(),
  status: v.literal('queued'),
  status_url: v.string(),
});
export type Queued = v.InferOutput<typeof Queued>;

/** As much of an import's status as tells it from another program's answer. */
const ImportAnswer = v.looseObject({
  import_id: v.string(),
  status: v.string(),
  stages: v.array(v.unknown()),
});

const GameSearch = v.object({ games: v.array(FoundGame) });
export type GameSearch = v.InferOutput<typeof GameSearch>;

export type ApiAddress = { url: string; headers: Record<string, string> };

export type ApiClient = {
  /** @param named anything that names a person. @throws CommandFailure with the API's own sentence */
  requestImport(named: string): Promise<Queued>;
  /** @throws CommandFailure; Unread when a later call may succeed */
  readImport(importId: string, signal: AbortSignal): Promise<ImportView>;
  /** @throws CommandFailure */
  searchGames(words: string): Promise<GameSearch>;
};

/** Where the HTTP API of a deployment is. @throws CommandFailure when nobody knows */
export async function apiAddressOf(target: Target): Promise<ApiAddress> {
  const { apiUrl } = target;
  if (apiUrl === null)
    throw new CommandFailure(
      exitCodes.usage,
      `Set API_URL to the address of the HTTP API of ${target.name}.`,
    );
  const token = await target.apiToken();
  return { url: apiUrl, headers: token === null ? {} : { authorization: `Bearer ${token}` } };
}

const deadlineMs = 30_000;
/** A gateway that lets through so many calls a second turns more away, for a second or two. */
const turnedAwayTries = 5;

const leadsElsewhere = (url: string) =>
  new CommandFailure(
    exitCodes.usage,
    `${url} answers that the API is elsewhere. Set API_URL to the address where it is, such as one that begins with https://.`,
  );

/** @param findAddress is asked again when nothing answers any more: a stack that starts anew may take another port. */
export function createApiClient(findAddress: () => Promise<ApiAddress>): ApiClient {
  let found: Promise<ApiAddress> | undefined;
  const call = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    found ??= findAddress();
    const { url, headers } = await found;
    try {
      const response = await fetch(new URL(path, url), {
        ...init,
        headers: { ...headers, ...(init.headers as Record<string, string>) },
        // Its words and its token are for that address alone.
        redirect: 'manual',
        signal: AbortSignal.any([AbortSignal.timeout(deadlineMs), ...(init.signal ? [init.signal] : [])]),
      });
      if (response.status >= 300 && response.status < 400) throw leadsElsewhere(url);
      return { url, response, body: await response.json().catch(() => null) };
    } catch (error) {
      if (error instanceof CommandFailure) throw error;
      found = undefined;
      throw new NoAnswer(url, error);
    }
  };
  return {
    async requestImport(named) {
      const post = () =>
        call('/imports', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ steam_id: named }),
        });
      let answer = await post();
      for (let tries = 1; answer.response.status === 429 && tries < turnedAwayTries; tries++) {
        await delay(Math.max(1, retryAfterOf(answer)) * 1000);
        answer = await post();
      }
      return parse(Queued, answer);
    },
    searchGames: async (words) =>
      parse(GameSearch, await call(`/igdb/search?q=${encodeURIComponent(words)}`)),
    async readImport(importId, signal) {
      const answer = await call(`/imports/${importId}`, { signal }).catch((error) => {
        throw mayPass(error) ? new Unread(error instanceof NoAnswer ? error.reason : 'no stack runs') : error;
      });
      const { status } = answer.response;
      if (status === 429 || status >= 500) throw new Unread(`HTTP ${status}`, retryAfterOf(answer));
      return parse(ImportAnswer, answer) as unknown as ImportView;
    },
  };
}

type Answer = { url: string; response: Response; body: unknown };

class NoAnswer extends CommandFailure {
  readonly reason: string;

  constructor(url: string, error: unknown) {
    const { name, cause } = error as Error;
    const { code, message = 'no answer' } = (cause ?? {}) as { code?: string; message?: string };
    const reason = name === 'TimeoutError' ? 'no answer in time' : (code ?? message);
    super(exitCodes.unreachable, `The HTTP API at ${url} cannot be reached (${reason}).`);
    this.reason = reason;
  }
}

const mayPass = (error: unknown): boolean =>
  error instanceof CommandFailure && error.exitCode === exitCodes.unreachable;

/** Seconds; some write a date, which no API of ours does. */
const retryAfterOf = ({ response }: Answer): number => Number(response.headers.get('retry-after')) || 0;

function parse<Schema extends v.GenericSchema>(schema: Schema, answer: Answer): v.InferOutput<Schema> {
  const { response, body, url } = answer;
  if (!response.ok) throw new CommandFailure(exitCodeOf(response.status), detailOf(body, response.status));
  const parsed = v.safeParse(schema, body);
  if (parsed.success) return parsed.output;
  throw new CommandFailure(exitCodes.unreachable, `What answers at ${url} is not Savepoint's HTTP API.`);
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
  if (status === 401 || status === 403) return 'The HTTP API rejects this token; set API_TOKEN.';
  return `The HTTP API answered HTTP ${status}.`;
}
