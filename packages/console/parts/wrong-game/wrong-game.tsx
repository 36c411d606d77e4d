import { useState } from 'preact/hooks';
import { Dialog } from '../dialog.tsx';
import { ChooseGame } from './choose-game.tsx';
import { ConfirmDecision } from './confirm-decision.tsx';
import type { App, Decision } from './decide.ts';

type Props = {
  app: App;
  /** Runs again when something was decided. */
  importId: string;
  onDecided?: () => unknown;
};

/** *Wrong game?*: search IGDB, see what would change, decide, and run the import again, without leaving the page. */
export function WrongGame({ app, importId, onDecided }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [decision, setDecision] = useState<Decision | null>(null);
  const close = () => {
    setOpen(false);
    setDecision(null);
  };
  return (
    <>
      <button type="button" class="small" onClick={() => setOpen(true)}>
        {app.igdbId === null ? 'Choose the game' : 'Wrong game?'}
      </button>
      {isOpen && (
        <Dialog title={app.title || `App ${app.appid}`} onClose={close}>
          {decision === null ? (
            <ChooseGame app={app} onChosen={setDecision} />
          ) : (
            <ConfirmDecision
              app={app}
              decision={decision}
              importId={importId}
              onBack={() => setDecision(null)}
              onDone={() => {
                close();
                onDecided?.();
              }}
            />
          )}
        </Dialog>
      )}
    </>
  );
}
