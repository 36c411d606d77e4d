import { useEffect, useState } from 'preact/hooks';
import { useConfig } from '../api/config.ts';
import { readToken, keepToken } from '../api/token.ts';
import { tellSignedIn, tokenNeeded } from '../api/sign-in.ts';
import { Dialog } from './dialog.tsx';
import { SignIn } from './sign-in.tsx';

/** Asks for a token, or leads to who gives one, when a call was refused for want of one. */
export function TokenDialog() {
  const [isOpen, setOpen] = useState(false);
  const [hadToken, setHadToken] = useState(false);
  const config = useConfig();
  useEffect(() => {
    const open = () => {
      setHadToken(readToken() !== null);
      setOpen(true);
    };
    globalThis.addEventListener(tokenNeeded, open);
    return () => globalThis.removeEventListener(tokenNeeded, open);
  }, []);
  const take = (token: string) => {
    keepToken(token);
    setOpen(false);
    tellSignedIn();
  };
  const close = () => setOpen(false);
  if (!isOpen || config === null) return null;
  if (config.sign_in !== null)
    return (
      <Dialog title={hadToken ? 'Sign in again' : 'Sign in'} onClose={close}>
        <div class="stack">
          <p>
            {hadToken
              ? 'Your sign-in has ended, or is not accepted. What you typed elsewhere is still there.'
              : 'This pipeline answers only those whom its issuer knows.'}
          </p>
          <SignIn issuer={config.sign_in} onToken={take} />
          <p class="hint">
            It opens {new URL(config.sign_in.issuer).host} in a window of its own, and lasts until you close
            this tab.
          </p>
        </div>
      </Dialog>
    );
  return (
    <Dialog title={hadToken ? 'This token is not accepted' : 'Token needed'} onClose={close}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          take(String(new FormData(event.currentTarget).get('token')).trim());
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
