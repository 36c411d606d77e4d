import { IgdbApiError } from '@savepoint/core/errors.ts';
import { areGames } from './answers.ts';
import { page } from './apicalypse.ts';
import type { Clock } from './clock.ts';
import { fieldsOfGame, type GamePrefix, type OptionalField, optionalFields } from './game-rows.ts';
import type { AskIgdb, Question } from './igdb-request.ts';

/** A question whose answer holds games: with the fields that IGDB takes. */
export type GameQuestion = Omit<Question, 'query'> & {
  query(fields: (prefix: GamePrefix) => string): string;
};
export type AskGames = (question: GameQuestion, signal?: AbortSignal) => Promise<unknown[]>;

export type LeftOut = { fields: readonly OptionalField[]; status: number | null; title: string | null };

/** A field that is refused may be taken again some day. */
const leftOutForMs = 60 * 60 * 1000;
/** So long a refusal is about the question: while culprits are looked for, many are refused. */
const fineForMs = 60 * 1000;
const noGame = 2_147_483_647;

/**
 * Asks for all fields of games; where IGDB refuses one that the match does not depend on, it is left out for an hour
 * of every question, and what it would have told counts as not told.
 * @param ask one question. @throws as `ask`: also when the fields are not to blame
 */
export function leaveOutRefusedFields(
  ask: AskIgdb,
  { clock, onLeftOut }: { clock: Clock; onLeftOut(leftOut: LeftOut): void },
): AskGames {
  const leftOutUntil = new Map<OptionalField, number>();
  const isAsked = (field: OptionalField) => (leftOutUntil.get(field) ?? 0) <= clock.now();
  let fineUntil = Number.NEGATIVE_INFINITY;
  let looking: Promise<boolean> | undefined;

  /** @returns whether a field is to blame: then it is left out from now on. */
  const look = async (error: IgdbApiError, signal: AbortSignal | undefined): Promise<boolean> => {
    const fields = optionalFields.filter(isAsked);
    const refused = await findRefused(fields, (some) => isTaken(some, ask, signal));
    if (refused.length === 0) {
      fineUntil = clock.now() + fineForMs;
      return false;
    }
    for (const field of refused) leftOutUntil.set(field, clock.now() + leftOutForMs);
    onLeftOut({ fields: refused, ...inWordsOf(error) });
    return true;
  };

  return async (question, signal) => {
    for (;;) {
      const asked = optionalFields.filter(isAsked);
      const query = question.query((prefix) => fieldsOfGame(prefix, asked));
      try {
        return await ask({ ...question, query }, signal);
      } catch (error) {
        if (!isAboutFields(error)) throw error;
        // Another question may have found out meanwhile.
        if (asked.some((field) => !isAsked(field))) continue;
        if (clock.now() < fineUntil) throw error;
        looking ??= look(error, signal).finally(() => {
          looking = undefined;
        });
        if (!(await looking)) throw error;
      }
    }
  };
}

const isAboutFields = (error: unknown): error is IgdbApiError =>
  error instanceof IgdbApiError &&
  error.code === 'IGDB_QUERY_REFUSED' &&
  !error.retryable &&
  error.details.status === 400;

/** Whether IGDB takes a question that nothing can be wrong with but its fields. */
async function isTaken(
  fields: readonly OptionalField[],
  ask: AskIgdb,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const query = page({ fields: fieldsOfGame('', fields), where: `id = ${noGame}`, offset: 0 });
  try {
    await ask({ endpoint: 'games', query, isAnswer: areGames }, signal);
    return true;
  } catch (error) {
    if (isAboutFields(error)) return false;
    throw error;
  }
}

/** None where the question is refused even without any of them: then others are to blame. */
async function findRefused(
  fields: readonly OptionalField[],
  isTaken: (fields: readonly OptionalField[]) => Promise<boolean>,
): Promise<OptionalField[]> {
  if ((await isTaken(fields)) || !(await isTaken([]))) return [];
  const halve = async (some: readonly OptionalField[]): Promise<OptionalField[]> => {
    if (some.length === 1) return [...some];
    const middle = Math.ceil(some.length / 2);
    const found: OptionalField[] = [];
    for (const half of [some.slice(0, middle), some.slice(middle)])
      if (!(await isTaken(half))) found.push(...(await halve(half)));
    return found;
  };
  return halve(fields);
}

function inWordsOf({ details: { status, title } }: IgdbApiError): Omit<LeftOut, 'fields'> {
  return {
    status: typeof status === 'number' ? status : null,
    title: typeof title === 'string' ? title : null,
  };
}
