import { useEffect, useState } from 'preact/hooks';

type Toast = { id: number; text: string; tone: 'good' | 'bad'; undo?: (() => unknown) | undefined };

const shownMs = 8000;
const mostShown = 3;

let nextId = 0;
let toasts: readonly Toast[] = [];
/** A modal dialog covers all that is not in it, so that messages are shown in the topmost. 0: there is none. */
let top = 0;
const listeners = new Set<() => void>();
const change = (next: readonly Toast[], nextTop = top) => {
  toasts = next;
  top = nextTop;
  for (const listener of listeners) listener();
};
const drop = (id: number) => change(toasts.filter((toast) => toast.id !== id));

/** Says what came of something, for some seconds. @param undo offered where there is a way back. */
export function tell(
  text: string,
  { tone = 'good', undo }: Partial<Pick<Toast, 'tone' | 'undo'>> = {},
): void {
  nextId += 1;
  const id = nextId;
  change([...toasts.slice(1 - mostShown), { id, text, tone, undo }]);
  // A failure stays until it was read.
  if (tone === 'good') setTimeout(() => drop(id), undo ? 2 * shownMs : shownMs);
}

/** How many dialogs are open, this one included, while it is. */
export function useDialogLevel(): number {
  const [level] = useState(() => top + 1);
  useEffect(() => {
    change(toasts, level);
    return () => change(toasts, level - 1);
  }, []);
  return level;
}

/** @param level of the dialog that holds it; 0 for the page */
export function Toasts({ level = 0 }: { level?: number }) {
  const [shown, setShown] = useState({ toasts, top });
  useEffect(() => {
    const listener = () => setShown({ toasts, top });
    listeners.add(listener);
    listener();
    return () => void listeners.delete(listener);
  }, []);
  if (shown.top !== level) return null;
  return (
    <div class="toasts" role="status" aria-live="polite">
      {shown.toasts.map(({ id, text, tone, undo }) => (
        <div key={id} class={`toast ${tone}`}>
          <span>{text}</span>
          {undo && (
            <button
              type="button"
              onClick={() => {
                drop(id);
                void undo();
              }}
            >
              Undo
            </button>
          )}
          <button type="button" class="quiet" aria-label="Dismiss" onClick={() => drop(id)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
