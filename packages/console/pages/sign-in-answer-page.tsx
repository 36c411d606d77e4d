import { useEffect, useState } from 'preact/hooks';
import { handOver } from '../api/sign-in-window.ts';

/** In the window of the issuer, once it has answered. */
export function SignInAnswerPage({ answer }: { answer: URLSearchParams }) {
  const [sentence, setSentence] = useState('One moment…');
  useEffect(() => {
    void handOver(answer).then((wasTaken) => {
      setSentence(
        wasTaken
          ? 'You can close this window: the console goes on in the other one.'
          : 'No page of the console waits for this sign-in. Close this window, and sign in again there.',
      );
      if (wasTaken) globalThis.close();
    });
  }, [answer]);
  return (
    <main class="page" id="main">
      <h1>Signing in</h1>
      <p role="status">{sentence}</p>
    </main>
  );
}
