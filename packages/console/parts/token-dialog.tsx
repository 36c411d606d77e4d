import { useEffect, useState } from 'preact/hooks';
import { readToken, keepToken } from '../api/token.ts';
import { tellSignedIn, tokenNeeded } from '../api/sign-in.ts';
import { Dialog } from './dialog.tsx';

/** Asks for the API's token when a call was refused for want of one. */
export function TokenDialog() {
  const [isOpen, setOpen] = useState(false);
  const [hadToken, setHadToken] = useState(false);
  useEffect(() => {
    const open = () => {
      setHadToken(readToken() !== null);
      setOpen(true);
    };
    globalThis.addEventListener(tokenNeeded, open);
    return () => globalThis.removeEventListener(tokenNeeded, open);
  }, []);
  if (!isOpen) return null;
  return (
    <Dialog title={hadToken ? 'This token is not accepted' : 'Token needed'} onClose={() => setOpen(false)}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const typed = new FormData(event.currentTarget).get('token');
          keepToken(String(typed).trim());
          setOpen(false);
          tellSignedIn();
        }}
      >
        <p>
          {hadToken
            ? 'It may have expired or been replaced. Paste a valid one; what you typed elsewhere is still there.'
            : 'This pipeline answers only those who have its token: API_TOKEN on one machine, the secret api-token in the cloud.'}
        </p>
        <label>
          Token
          <input name="token" type="password" autocomplete="off" required spellcheck={false} />
        </label>
        <p class="hint">It is kept until you close this tab, and sent to this address alone.</p>
        <div class="buttons">
          <button type="submit" class="primary">
            Continue
          </button>
        </div>
      </form>
    </Dialog>
  );
}
