import { useState } from 'preact/hooks';
import type { ApiProblem } from '../../api/call.ts';
import { asProblem } from '../action.tsx';
import { ProblemNote } from '../problem-note.tsx';
import { tell } from '../toasts.tsx';
import { type App, type Decision, decide, tellDecision } from './decide.ts';

type Props = { app: App; decision: Decision; importId: string; onBack(): void; onDone(): void };

/** What would change, and then the deed, with a way back. */
export function ConfirmDecision({ app, decision, importId, onBack, onDone }: Props) {
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [isBusy, setBusy] = useState(false);
  const go = async () => {
    setProblem(null);
    setBusy(true);
    try {
      const takeBack = await decide(app.appid, decision, importId);
      tell(`Decided: ${tellDecision(decision)}. The import runs again.`, {
        undo: () =>
          takeBack().then(
            () => tell('Taken back. The import runs again.'),
            (error) => tell(asProblem(error).message, { tone: 'bad' }),
          ),
      });
      onDone();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <>
      <p>
        From now on app {app.appid} is <strong>{tellDecision(decision)}</strong>
        {decision.kind === 'game' && <small> IGDB {decision.igdbId}</small>}.
      </p>
      <ul class="plain">
        <li>This library shows it once its import has run again, which begins at once.</li>
        <li>
          Everybody else’s libraries show it after their next import. How many those are,{' '}
          <code>savepoint overrides set {app.appid} … --preview</code> tells.
        </li>
        <li>It stands until somebody removes it on the page Overrides.</li>
      </ul>
      <ProblemNote problem={problem} />
      <div class="buttons">
        <button type="button" onClick={onBack} disabled={isBusy}>
          Back
        </button>
        <button type="button" class="primary" onClick={() => void go()} disabled={isBusy}>
          {isBusy ? 'Deciding…' : 'Decide and run again'}
        </button>
      </div>
    </>
  );
}
