import type { ImportView, StageView } from '@savepoint/core/contracts/import-view.ts';
import { count, plural } from '../../parts/numbers.ts';
import { Ago } from '../../parts/time.tsx';

/** What became of the import in sentences: what was brought, what went wrong, what should be known. */
export function Outcome({ view }: { view: ImportView }) {
  const troubled = view.stages.filter(({ error, status }) => error && status !== 'completed');
  return (
    <>
      {view.result && <Result view={view} />}
      {troubled.map((stage) => (
        <Trouble key={stage.name} stage={stage} />
      ))}
      {view.warnings.map(({ code, message }) => (
        <div key={code} class="note slow">
          <p>
            {message} <code>{code}</code>
          </p>
        </div>
      ))}
    </>
  );
}

function Result({ view: { result, stages, steam_id } }: { view: ImportView }) {
  const enrichment = stages.find(({ name }) => name === 'igdb-enrichment')?.counts;
  if (result?.imported_count === undefined) return null;
  return (
    <div class="note good">
      <p>
        <strong>{plural(result.imported_count, 'game')}</strong> are in the database
        {enrichment?.matched !== undefined && <>, {count(enrichment.matched)} of them matched with IGDB</>}
        {(result.skipped_count ?? 0) > 0 && (
          <>; {plural(result.skipped_count!, 'row')} are no games or were rejected</>
        )}
        .{result.stale && ' A newer import of this person was loaded before, so this one changed nothing.'}
      </p>
      <a class="button primary" href={`/console/libraries/${steam_id}`}>
        Open the library
      </a>
    </div>
  );
}

/** Both sentences of an error: the one for the person, and the one for whoever runs this. */
function Trouble({
  stage: { name, status, error, next_attempt_at, attempts, max_attempts },
}: {
  stage: StageView;
}) {
  const isOver = status === 'failed';
  return (
    <div class={isOver ? 'note bad' : 'note slow'} role={isOver ? 'alert' : undefined}>
      <p>
        <strong>{error!.message}</strong> <code>{error!.code}</code>
      </p>
      {error!.operator_hint && <p>{error!.operator_hint}</p>}
      <p class="hint">
        {name}, attempt {attempts} of {max_attempts}.{' '}
        {isOver ? (
          'The message waits in the dead letters.'
        ) : next_attempt_at ? (
          <>
            The next attempt: <Ago at={next_attempt_at} />.
          </>
        ) : (
          'It will be tried again.'
        )}
      </p>
    </div>
  );
}
