import type { ImportView, StageView } from '@savepoint/core/contracts/import-view.ts';
import type { Discarded, Redriven } from '@savepoint/core/operations/dead-letters.ts';
import { call } from '../../api/call.ts';
import { Action } from '../../parts/action.tsx';
import { plural } from '../../parts/numbers.ts';

type Props = { view: ImportView; onDone(): unknown };

/** What can be done with an import: each says first what will happen. */
export function ImportActions({ view, onDone }: Props) {
  const failed = view.stages.find(({ status }) => status === 'failed');
  const unmatched = view.stages.find(({ name }) => name === 'igdb-enrichment')?.counts?.unmatched;
  return (
    <div class="buttons left">
      {failed && <Redrive view={view} stage={failed} onDone={onDone} />}
      {failed && <Discard view={view} stage={failed} onDone={onDone} />}
      {view.files.raw && (
        <Rerun
          view={view}
          onDone={onDone}
          label="Run again from raw"
          body={{ from: 'raw' }}
          text="Every game about which nothing recent is remembered is looked up again, and the library is loaded again. Steam is not asked."
        />
      )}
      {view.files.raw && (unmatched ?? 0) > 0 && (
        <Rerun
          view={view}
          onDone={onDone}
          label="Look up the unmatched"
          body={{ only: 'unmatched' }}
          text={`IGDB is asked again about the ${plural(unmatched!, 'game')} without a match, and about no other.`}
        />
      )}
      {view.files.enriched && (
        <Rerun
          view={view}
          onDone={onDone}
          label="Load again"
          body={{ from: 'enriched' }}
          text="The enriched file is loaded into the database once more. Neither Steam nor IGDB is asked."
        />
      )}
    </div>
  );
}

type RerunProps = Props & { label: string; body: object; text: string };

const Rerun = ({ view, onDone, label, body, text }: RerunProps) => (
  <Action
    label={label}
    title={`${label}?`}
    preview={() => <p>{text} Doing it twice does no harm.</p>}
    run={async () => {
      const { stage } = await call<{ stage: string }>(`/imports/${view.import_id}/rerun`, {
        method: 'POST',
        json: body,
      });
      return { text: `It runs again from ${stage}.` };
    }}
    onDone={onDone}
  />
);

type LetterProps = Props & { stage: StageView };

const Redrive = ({ view, stage, onDone }: LetterProps) => (
  <Action
    label="Redrive"
    title="Redrive this import?"
    tone="primary"
    preview={async () => {
      const { matching } = await select<Redriven>(stage.name, 'redrive', view.import_id, true);
      return matching === 0 ? (
        <p>
          Its message is not in the dead letters: it was redriven or discarded, or has expired. You can run it
          again.
        </p>
      ) : (
        <p>
          {plural(matching, 'message')} will go back to {stage.name} and be tried again, with all its
          attempts.
          {stage.error &&
            !stage.error.retryable &&
            ' The cause lies in what was asked for: without a change it will fail again.'}
        </p>
      );
    }}
    run={async () => {
      const { moved } = await select<Redriven>(stage.name, 'redrive', view.import_id, false);
      return { text: `${plural(moved, 'message')} redriven.` };
    }}
    onDone={onDone}
  />
);

const Discard = ({ view, stage, onDone }: LetterProps) => (
  <Action
    label="Discard"
    title="Discard this import's dead letters?"
    tone="danger"
    preview={async () => {
      const { matching } = await select<Discarded>(stage.name, 'discard', view.import_id, true);
      return (
        <p>
          {plural(matching, 'message')} will be deleted for good; there is no undo. What is in the database
          stays, and the library can be imported again at any time.
        </p>
      );
    }}
    run={async () => {
      const { discarded } = await select<Discarded>(stage.name, 'discard', view.import_id, false);
      return { text: `${plural(discarded, 'message')} discarded.` };
    }}
    onDone={onDone}
  />
);

const select = <Answer,>(stage: string, what: 'redrive' | 'discard', importId: string, isDry: boolean) =>
  call<Answer>(`/queues/${stage}/${what}`, { method: 'POST', json: { import_id: importId, dry_run: isDry } });
