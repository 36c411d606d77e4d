import { tell } from './toasts.tsx';

/** Puts a key or a command into the clipboard. @param name what it is, for those who cannot see it beside the button. */
export const CopyButton = ({ text, name }: { text: string; name: string }) => (
  <button
    type="button"
    class="quiet small"
    aria-label={`Copy ${name}`}
    onClick={() =>
      navigator.clipboard.writeText(text).then(
        () => tell('Copied.'),
        () => tell('The browser does not let this page copy: select the text instead.', { tone: 'bad' }),
      )
    }
  >
    Copy
  </button>
);
