import type { SignIn as Issuer } from '@savepoint/core/contracts/console-config.ts';
import { useEffect, useState } from 'preact/hooks';
import { type PreparedSignIn, prepareSignIn } from '../api/issuer.ts';
import { awaitAnswer, redirectUri } from '../api/sign-in-window.ts';

type Props = { issuer: Issuer; onToken(token: string): void };

/** Leads to the issuer's page. All is prepared before the click, or the browser would take its window for a pop-up. */
export function SignIn({ issuer, onToken }: Props) {
  const [prepared, setPrepared] = useState<PreparedSignIn | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const fail = (error: Error) => setProblem(error.message);
  const again = () => {
    setPrepared(null);
    setAttempt(attempt + 1);
  };
  useEffect(() => {
    let stop = () => {};
    let isOver = false;
    prepareSignIn(issuer, redirectUri()).then((next) => {
      if (isOver) return;
      setPrepared(next);
      stop = awaitAnswer(next.state, (answer) => {
        setProblem(null);
        next.finish(answer).then(onToken, (error) => {
          fail(error);
          // A code and its proof are of use once.
          again();
        });
      });
    }, fail);
    return () => {
      isOver = true;
      stop();
    };
  }, [issuer, attempt]);
  return (
    <>
      {problem !== null && (
        <div class="note bad" role="alert">
          <p>{problem}</p>
        </div>
      )}
      <div class="buttons">
        {prepared !== null ? (
          <a class="button primary" href={prepared.url} target="_blank" rel="noreferrer" onClick={openWindow}>
            Sign in
          </a>
        ) : problem !== null ? (
          <button type="button" class="primary" onClick={again}>
            Try again
          </button>
        ) : (
          <button type="button" class="primary" disabled>
            Sign in
          </button>
        )}
      </div>
    </>
  );
}

/** A window that a script opened may close itself; where none is allowed, the link opens a tab. */
function openWindow(event: MouseEvent & { currentTarget: HTMLAnchorElement }): void {
  if (globalThis.open(event.currentTarget.href, '_blank', 'popup,width=520,height=720'))
    event.preventDefault();
}
