import { useRef, useState } from 'preact/hooks';
import { type ApiProblem, call } from '../../api/call.ts';
import { asProblem } from '../../parts/action.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ProblemNote } from '../../parts/problem-note.tsx';

/** What the API takes in one call (`POST /imports/csv`). */
const mostBytes = 4 * 1024 * 1024;

/** A library's file, dropped or chosen; who it belongs to is read off its name where it says so. */
export function DropCsv({ onSent }: { onSent(answer: { import_id: string }): void }) {
  const [file, setFile] = useState<File | null>(null);
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  return (
    <div
      class={isOver ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        setFile(event.dataTransfer?.files[0] ?? null);
      }}
    >
      <p>
        or drop a CSV file here{' '}
        <button type="button" class="small" onClick={() => input.current?.click()}>
          Choose a file
        </button>
      </p>
      <input
        ref={input}
        type="file"
        accept=".csv,text/csv"
        class="unseen"
        tabIndex={-1}
        aria-label="CSV file of a library"
        onChange={({ currentTarget }) => {
          setFile(currentTarget.files?.[0] ?? null);
          currentTarget.value = '';
        }}
      />
      {file && <SendFile file={file} onSent={onSent} onClose={() => setFile(null)} />}
    </div>
  );
}

type Props = { file: File; onSent(answer: { import_id: string }): void; onClose(): void };

function SendFile({ file, onSent, onClose }: Props) {
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [isSending, setSending] = useState(false);
  const known = /\d{17}/.exec(file.name)?.[0] ?? '';
  if (file.size > mostBytes) return <TooLarge file={file} person={known} onClose={onClose} />;
  const send = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const person = String(new FormData(event.currentTarget).get('person')).trim();
    setProblem(null);
    setSending(true);
    try {
      onSent(
        await call(`/imports/csv?steam_id=${encodeURIComponent(person)}`, { method: 'POST', csv: file }),
      );
    } catch (error) {
      setProblem(asProblem(error));
      setSending(false);
    }
  };
  return (
    <Dialog title={`Import ${file.name}`} onClose={onClose}>
      <form class="stack" onSubmit={send}>
        <p>
          The file goes to <code>raw/</code>, and from there through enrichment into the database, as a
          library from Steam does.
        </p>
        <label>
          Whose library is it?
          <input
            name="person"
            required
            maxLength={500}
            defaultValue={known}
            autocomplete="off"
            spellcheck={false}
          />
        </label>
        <ProblemNote problem={problem} />
        <div class="buttons">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={isSending}>
            {isSending ? 'Sending…' : 'Import'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function TooLarge({ file, person, onClose }: { file: File; person: string; onClose(): void }) {
  const command = `npx savepoint aws s3 cp ${file.name} s3://$S3_BUCKET/raw/steam-library-${person || '<SteamID64>'}-${new Date().toISOString().slice(0, 10)}.csv`;
  return (
    <Dialog title="This file is larger than 4 MB" onClose={onClose}>
      <p>Files of this size go straight into the bucket. With the pipeline's command line:</p>
      <pre class="command">{command}</pre>
      <div class="buttons">
        <CopyButton text={command} name="the command" />
        <button type="button" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
