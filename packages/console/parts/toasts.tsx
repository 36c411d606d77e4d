import { useEffect, useState } from 'preact/hooks';

type Toast = { id: number; text: string; tone: 'good' | 'bad'; undo?: (() => unknown) | undefined };

const shownMs = 8000;
let nextId = 0;
let show: (toast: Toast) => void = () => undefined;

/** Says what came of something, for some seconds. @param undo offered where there is a way back. */
export function tell(
  text: string,
  { tone = 'good', undo }: Partial<Pick<Toast, 'tone' | 'undo'>> = {},
): void {
  nextId += 1;
  show({ id: nextId, text, tone, undo });
}

export function Toasts() {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const drop = (id: number) => setToasts((all) => all.filter((toast) => toast.id !== id));
  useEffect(() => {
    show = (toast) => {
      setToasts((all) => [...all.slice(-2), toast]);
      // A failure stays until it was read.
      if (toast.tone === 'good') setTimeout(() => drop(toast.id), toast.undo ? 2 * shownMs : shownMs);
    };
  }, []);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.map(({ id, text, tone, undo }) => (
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
