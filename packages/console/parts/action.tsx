import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiProblem } from '../api/call.ts';
import { askForToken } from '../api/sign-in.ts';
import { Dialog } from './dialog.tsx';
import { ProblemNote } from './problem-note.tsx';
import { Skeleton } from './skeleton.tsx';
import { tell } from './toasts.tsx';

type Done = { text: string; undo?: (() => unknown) | undefined };

type Props = {
  label: string;
  /** Of the dialog: what is about to happen, as a question or a heading. */
  title: string;
  tone?: 'primary' | 'danger' | 'plain';
  disabled?: boolean;
  /** What will happen, asked for when the dialog opens. @throws ApiProblem */
  preview(): Promise<ComponentChildren> | ComponentChildren;
  /** @param onProgress to be told what was done so far of something long. @throws ApiProblem */
  run(onProgress: (text: string) => void): Promise<Done>;
  onDone?: () => unknown;
};

/** A button that first says what will happen, then does it, and says what came of it. */
export function Action(props: Props) {
  const [isOpen, setOpen] = useState(false);
  const tones = { primary: 'primary', danger: 'danger', plain: '' };
  return (
    <>
      <button
        type="button"
        class={tones[props.tone ?? 'plain']}
        disabled={props.disabled}
        onClick={() => setOpen(true)}
      >
        {props.label}
      </button>
      {isOpen && <ActionDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

function ActionDialog({ label, title, tone, preview, run, onDone, onClose }: Props & { onClose(): void }) {
  const [shown, setShown] = useState<ComponentChildren>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [progress, setProgress] = useState<string | null>(null);
  const look = async () => {
    setProblem(null);
    try {
      setShown(await preview());
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  useEffect(() => void look(), []);
  const go = async () => {
    setProblem(null);
    setProgress('Working…');
    try {
      const { text, undo } = await run(setProgress);
      tell(text, { undo });
      onClose();
      onDone?.();
    } catch (error) {
      setProblem(asProblem(error));
    }
    setProgress(null);
  };
  return (
    <Dialog title={title} onClose={progress === null ? onClose : () => undefined}>
      {shown ?? (problem === null && <Skeleton rows={2} />)}
      <ProblemNote problem={problem} />
      <div class="buttons">
        <span class="hint" role="status">
          {progress}
        </span>
        <button type="button" onClick={onClose} disabled={progress !== null}>
          Cancel
        </button>
        {shown === null && problem !== null ? (
          <button type="button" onClick={() => void look()}>
            Try again
          </button>
        ) : (
          <button
            type="button"
            class={tone === 'danger' ? 'danger' : 'primary'}
            disabled={shown === null || progress !== null}
            onClick={() => void go()}
          >
            {label}
          </button>
        )}
      </div>
    </Dialog>
  );
}

/** @throws what is no problem of the API */
export function asProblem(error: unknown): ApiProblem {
  if (!(error instanceof ApiProblem)) throw error;
  if (error.status === 401) askForToken();
  return error;
}
