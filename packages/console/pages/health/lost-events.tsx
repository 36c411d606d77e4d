import { call } from '../../api/call.ts';
import { Action } from '../../parts/action.tsx';
import { plural } from '../../parts/numbers.ts';

type Gap = { import_id: string; stage: string; since: string };
type Reconciled = { queued: Gap[]; postponed: (Gap & { reason: string })[]; more: boolean };

const reconcile = (isDry: boolean) =>
  call<Reconciled>('/reconcile', { method: 'POST', json: { dry_run: isDry } });

const shown = 10;

/** Imports that stand still because S3 never announced their file. The hourly run does the same. */
export const LostEvents = () => (
  <section class="card" aria-labelledby="lost">
    <h2 id="lost">Lost events</h2>
    <p class="hint">
      S3 announces nearly every file, not each. Once an hour, imports whose message never came are queued
      again; you need not wait for it.
    </p>
    <div class="buttons left">
      <Action
        label="Queue what is stuck"
        title="Queue what is stuck?"
        preview={async () => <Found found={await reconcile(true)} />}
        run={async () => ({ text: `${plural((await reconcile(false)).queued.length, 'import')} queued.` })}
      />
    </div>
  </section>
);

const Found = ({ found: { queued, postponed, more } }: { found: Reconciled }) =>
  queued.length + postponed.length === 0 ? (
    <p>Nothing is stuck.</p>
  ) : (
    <>
      <p>
        {plural(queued.length, 'import')} would be queued again
        {postponed.length > 0 && `, and ${plural(postponed.length, 'other')} would be left for later`}.
        {more && ' There are more than were looked at.'}
      </p>
      <ul class="plain">
        {queued.slice(0, shown).map(({ import_id, stage }) => (
          <li key={import_id}>
            <code>{import_id}</code> did not reach {stage}
          </li>
        ))}
      </ul>
    </>
  );
