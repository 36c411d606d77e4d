import { IgdbApiError } from '@savepoint/core/errors.ts';
import * as v from 'valibot';
import { bundle } from './apicalypse.ts';
import type { Clock } from './clock.ts';
import type { AskIgdb, Question } from './igdb-request.ts';

/** IGDB takes at most ten queries in one multiquery, which counts as one request. */
export const questionsPerBundle = 10;
/** What IGDB refused once it may take again some day; until then smaller bundles are sent. */
const smallerForMs = 60 * 60 * 1000;
/** A bundle is sent once more at most: its parts can still be asked for by themselves. */
const attemptsOfBundle = 2;

type Waiting = Question & {
  signal: AbortSignal | undefined;
  resolve(rows: unknown[]): void;
  reject(error: unknown): void;
};

/**
 * Asks questions that are asked at the same time in one request, up to ten of them. What IGDB does not take together is
 * asked in halves and in the end one by one, so whoever asks hears of the failure of the own question alone. When all
 * parts of a refused bundle are taken, it was too large, and for an hour none is.
 * @param ask one request. @throws as `ask`
 */
export function bundleQuestions(ask: AskIgdb, clock: Clock): AskIgdb {
  let waiting: Waiting[] = [];
  let largest = { questions: questionsPerBundle, until: Number.NEGATIVE_INFINITY };
  const mostNow = () => (clock.now() < largest.until ? largest.questions : questionsPerBundle);

  const send = () => {
    const questions = waiting;
    waiting = [];
    // Who asked under another deadline is another invocation, and one that is out of time stops nobody else.
    for (const group of Map.groupBy(questions, ({ signal }) => signal).values())
      for (let at = 0; at < group.length; at += mostNow()) void askTogether(group.slice(at, at + mostNow()));
  };

  /** @returns whether every question was answered. */
  const askTogether = async (questions: readonly Waiting[]): Promise<boolean> => {
    if (questions.length === 1) return askAlone(questions[0]!);
    const outcome = await askBundle(questions, ask).catch((error: unknown) => error);
    if (Array.isArray(outcome))
      return (await Promise.all(settle(questions, outcome, askAlone))).every(Boolean);
    if (!isAboutTheBundle(outcome)) {
      for (const { reject } of questions) reject(outcome);
      return false;
    }
    return askApart(questions, outcome);
  };

  /** The first alone: where IGDB is away, that tells, and nobody else need be asked for. */
  const askApart = async (questions: readonly Waiting[], refusal: IgdbApiError): Promise<boolean> => {
    const [first, ...others] = questions;
    const isAnswered = await askAlone(first!);
    if (!isAnswered && refusal.retryable) {
      for (const { reject } of others) reject(refusal);
      return false;
    }
    const middle = Math.ceil(others.length / 2);
    const halves = [others.slice(0, middle), others.slice(middle)].filter(({ length }) => length > 0);
    const answered = [isAnswered];
    for (const half of halves) answered.push(await askTogether(half));
    if (!answered.every(Boolean)) return false;
    const size = Math.max(1, Math.min(mostNow(), Math.floor(questions.length / 2)));
    largest = { questions: size, until: clock.now() + smallerForMs };
    return true;
  };

  const askAlone = ({ signal, resolve, reject, ...question }: Waiting): Promise<boolean> =>
    ask(question, signal).then(
      (rows) => {
        resolve(rows);
        return true;
      },
      (error: unknown) => {
        reject(error);
        return false;
      },
    );

  return (question, signal) =>
    new Promise((resolve, reject) => {
      waiting.push({ ...question, signal, resolve, reject });
      // By then everybody who asks in this turn has asked.
      if (waiting.length === 1) setImmediate(send);
    });
}

const Results = v.array(
  v.nullable(v.object({ name: v.nullish(v.string()), result: v.nullish(v.array(v.unknown()), []) })),
);
type Rows = unknown[] | undefined;

/** The rows of each question, undefined where they cannot be meant as its answer. Named by index: IGDB may reorder. */
async function askBundle(questions: readonly Waiting[], ask: AskIgdb): Promise<Rows[]> {
  const rows = await ask(
    {
      endpoint: 'multiquery',
      query: bundle(questions),
      isAnswer: (answer) => v.is(Results, answer) && answer.length > 0,
      attempts: attemptsOfBundle,
    },
    questions[0]!.signal,
  );
  const results = new Map(v.parse(Results, rows).map((result) => [result?.name, result?.result]));
  return questions.map(({ isAnswer }, index): Rows => {
    const result = results.get(String(index));
    return result && isAnswer(result) ? result : undefined;
  });
}

/** What a bundle did not answer is asked for by itself. */
const settle = (
  questions: readonly Waiting[],
  answers: readonly Rows[],
  askAlone: (question: Waiting) => Promise<boolean>,
): (boolean | Promise<boolean>)[] =>
  questions.map((question, index) => {
    const rows = answers[index];
    if (rows === undefined) return askAlone(question);
    question.resolve(rows);
    return true;
  });

/** Refused, or not answered; not the deadline, the rate or who asks. */
const isAboutTheBundle = (error: unknown): error is IgdbApiError =>
  error instanceof IgdbApiError && (error.code === 'IGDB_QUERY_REFUSED' || error.code === 'IGDB_UNAVAILABLE');
