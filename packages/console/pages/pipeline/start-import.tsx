import { useLocation } from 'preact-iso';
import { useRef, useState } from 'preact/hooks';
import { type ApiProblem, call } from '../../api/call.ts';
import { asProblem } from '../../parts/action.tsx';
import { ProblemNote } from '../../parts/problem-note.tsx';
import { DropCsv } from './drop-csv.tsx';

/** A person from anything that names them, or a file of a library. */
export function StartImport() {
  const { route } = useLocation();
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [isSending, setSending] = useState(false);
  const follow = ({ import_id }: { import_id: string }) => route(`/console/imports/${import_id}`);

  const send = async (event: Event) => {
    event.preventDefault();
    setProblem(null);
    setSending(true);
    try {
      follow(await call('/imports', { method: 'POST', json: { steam_id: input.current!.value.trim() } }));
    } catch (error) {
      setProblem(asProblem(error));
      input.current?.focus();
    }
    setSending(false);
  };

  return (
    <section class="card start" aria-label="Start an import">
      <form onSubmit={send}>
        <label for="person">Import a Steam library</label>
        <div class="field">
          <input
            id="person"
            ref={input}
            name="person"
            required
            maxLength={500}
            autocomplete="off"
            autocapitalize="none"
            spellcheck={false}
            placeholder="Profile link, name or any Steam id"
            aria-describedby="person-hint"
          />
          <button type="submit" class="primary" disabled={isSending}>
            {isSending ? 'Sending…' : 'Import'}
          </button>
        </div>
        <p class="hint" id="person-hint">
          <code>https://steamcommunity.com/id/…</code>, <code>76561197960287930</code>,{' '}
          <code>STEAM_0:0:11101</code>, <code>[U:1:22202]</code>: all of them work.
        </p>
        <ProblemNote problem={problem} />
      </form>
      <DropCsv onSent={follow} />
    </section>
  );
}
