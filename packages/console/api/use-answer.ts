import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiProblem, callAgain, type Told } from './call.ts';
import { askForToken, signedIn } from './sign-in.ts';

/** What a page knows of an answer: the last good one stays while a later one fails. */
export type Asked<Answer> = {
  answer: Answer | null;
  problem: ApiProblem | null;
  /** Asks now, whatever the time. */
  refresh(): Promise<void>;
};

type Options<Answer> = {
  /** Asks again so long after an answer; null: no more. Only while the page is seen. */
  everyMs?: number | null | ((answer: Answer | null) => number | null);
  /** It may not be there yet: 404 is asked again. */
  isAwaited?: boolean;
};

const longestPauseMs = 30_000;

/**
 * Asks the API for something, again and again if need be: gently, and with longer pauses while it fails.
 * @param path null: there is nothing to ask.
 */
export function useAnswer<Answer>(
  path: string | null,
  { everyMs = null, isAwaited = false }: Options<Answer> = {},
): Asked<Answer> {
  const [state, setState] = useState<{
    path: string | null;
    answer: Answer | null;
    problem: ApiProblem | null;
  }>({
    path,
    answer: null,
    problem: null,
  });
  const interval = useRef(everyMs);
  interval.current = everyMs;
  const ask = useRef<() => Promise<void>>(async () => undefined);

  useEffect(() => {
    if (path === null) return;
    const aborting = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;
    let known: Told<Answer> | null = null;
    const next = () => {
      clearTimeout(timer);
      const { current } = interval;
      const pause = typeof current === 'function' ? current(known?.answer ?? null) : current;
      if (failures > 0) timer = setTimeout(run, Math.min(longestPauseMs, 1000 * 2 ** failures));
      else if (pause !== null) timer = setTimeout(run, pause);
    };
    const run = async () => {
      clearTimeout(timer);
      // Whoever does not look need not be told; `visibilitychange` asks at once.
      if (document.hidden && known !== null) return;
      try {
        known = await callAgain<Answer>(path, known, aborting.signal);
        failures = 0;
        setState({ path, answer: known.answer, problem: null });
      } catch (error) {
        if (aborting.signal.aborted) return;
        if (!(error instanceof ApiProblem)) throw error;
        if (error.status === 401) askForToken();
        const isOver = isFinal(error) && !(isAwaited && error.status === 404);
        failures = isOver ? 0 : failures + 1;
        setState(({ answer, path: of }) => ({ path, answer: of === path ? answer : null, problem: error }));
        if (isOver) return;
      }
      next();
    };
    const seen = () => {
      if (!document.hidden && known !== null && interval.current !== null) void run();
    };
    ask.current = run;
    document.addEventListener('visibilitychange', seen);
    globalThis.addEventListener(signedIn, run);
    void run();
    return () => {
      aborting.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
      globalThis.removeEventListener(signedIn, run);
    };
  }, [path]);

  const refresh = useCallback(() => ask.current(), []);
  // What another path answered is not this one's.
  return state.path === path ? { ...state, refresh } : { answer: null, problem: null, refresh };
}

/** What asking again cannot mend. */
const isFinal = ({ status }: ApiProblem): boolean =>
  status >= 400 && status < 500 && status !== 429 && status !== 408;
