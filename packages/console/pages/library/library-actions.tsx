import type { PublishedLibrary } from '@savepoint/core/contracts/published-library.ts';
import { useLocation } from 'preact-iso';
import { call } from '../../api/call.ts';
import { Action, asProblem } from '../../parts/action.tsx';
import { plural } from '../../parts/numbers.ts';
import { tell } from '../../parts/toasts.tsx';
import { downloadCsv } from './download-csv.ts';

type Props = { library: PublishedLibrary; shown: PublishedLibrary['games'] };

/** What can be done with a whole library. */
export function LibraryActions({ library: { steam_id }, shown }: Props) {
  const { route } = useLocation();
  const importAgain = async () => {
    try {
      const { import_id } = await call<{ import_id: string }>('/imports', {
        method: 'POST',
        json: { steam_id },
      });
      route(`/console/imports/${import_id}`);
    } catch (error) {
      tell(asProblem(error).message, { tone: 'bad' });
    }
  };
  return (
    <div class="buttons left">
      <button type="button" onClick={() => void importAgain()}>
        Import again
      </button>
      <button type="button" onClick={() => downloadCsv(shown, `steam-library-${steam_id}.csv`)}>
        Download CSV
      </button>
      <Forget steamId={steam_id} onDone={() => route('/console/')} />
    </div>
  );
}

const Forget = ({ steamId, onDone }: { steamId: string; onDone(): void }) => (
  <Action
    label="Forget this person"
    title="Forget this person for good?"
    tone="danger"
    preview={async () => {
      const { objects } = await call<{ objects: Record<string, number> }>(
        `/libraries/${steamId}?dry_run=true`,
        {
          method: 'DELETE',
        },
      );
      const files = Object.values(objects).reduce((sum, each) => sum + each, 0);
      return (
        <p>
          All that is stored of <code>{steamId}</code> is removed: the rows in the database,{' '}
          {plural(files, 'file')} in the bucket with all their versions, status and follow. There is no undo.
          The person can be imported again.
        </p>
      );
    }}
    run={async () => {
      await call(`/libraries/${steamId}`, { method: 'DELETE' });
      return { text: 'It is being removed; that takes a moment.' };
    }}
    onDone={onDone}
  />
);
