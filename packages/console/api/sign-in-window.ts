/**
 * The issuer's page opens in a window of its own, so that what was typed in this one stays. It comes back to the console's
 * address, hands over what the issuer said to the page that waits, and closes. The page alone can use it: it holds the rest.
 */

const channelName = 'savepoint-sign-in';
const patienceMs = 3000;

/** The address that is registered with the issuer. */
export const redirectUri = (): string => `${location.origin}/console/`;

/** Runs `take` when the issuer answers this sign-in. @returns stops listening. */
export function awaitAnswer(state: string, take: (answer: URLSearchParams) => void): () => void {
  const channel = new BroadcastChannel(channelName);
  channel.onmessage = ({ data }) => {
    const answer = new URLSearchParams(String(data.answer ?? ''));
    if (answer.get('state') !== state) return;
    channel.postMessage({ taken: state });
    take(answer);
  };
  return () => channel.close();
}

/** What the issuer said, where this page was opened by its answer; it leaves the address at once. */
export function takeAnswer(): URLSearchParams | null {
  const answer = new URLSearchParams(location.search);
  if (!answer.has('state') || !(answer.has('code') || answer.has('error'))) return null;
  history.replaceState(null, '', location.pathname);
  return answer;
}

/** @returns whether a page took it; then this window is of no more use. */
export function handOver(answer: URLSearchParams): Promise<boolean> {
  const channel = new BroadcastChannel(channelName);
  return new Promise((resolve) => {
    const end = (wasTaken: boolean) => {
      channel.close();
      resolve(wasTaken);
    };
    channel.onmessage = ({ data }) => {
      if (data.taken === answer.get('state')) end(true);
    };
    setTimeout(end, patienceMs, false);
    channel.postMessage({ answer: answer.toString() });
  });
}
