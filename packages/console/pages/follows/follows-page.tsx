import { rhythms } from '@savepoint/core/contracts/follow.ts';
import type { FollowView } from '@savepoint/core/operations/follows.ts';
import { useState } from 'preact/hooks';
import { type ApiProblem, call } from '../../api/call.ts';
import { useAnswer } from '../../api/use-answer.ts';
import { asProblem } from '../../parts/action.tsx';
import { Page } from '../../parts/page.tsx';
import { Pager } from '../../parts/pager.tsx';
import { ProblemNote } from '../../parts/problem-note.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { Ago } from '../../parts/time.tsx';
import { tell } from '../../parts/toasts.tsx';

const set = (steamId: string, every: string) =>
  call<FollowView>(`/follows/${encodeURIComponent(steamId)}`, { method: 'PUT', json: { every } });
const drop = (steamId: string) => call(`/follows/${encodeURIComponent(steamId)}`, { method: 'DELETE' });

/** `/console/follows`: libraries that are imported again by themselves. */
export function FollowsPage() {
  const [cursors, setCursors] = useState<string[]>([]);
  const cursor = cursors.at(-1);
  const { answer, problem, refresh } = useAnswer<{ follows: FollowView[]; next_cursor?: string }>(
    `/follows?max=100${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
  );
  return (
    <Page title="Follows">
      <p class="subtitle">Followed libraries are imported again by themselves, each day or each week.</p>
      <Follow onDone={refresh} />
      <ProblemNote problem={problem} onRetry={refresh} />
      {answer === null && problem === null && <Skeleton rows={4} />}
      {answer?.follows.length === 0 && <p class="empty">No library is followed yet.</p>}
      <ul class="rows">
        {answer?.follows.map((follow) => (
          <FollowRow key={follow.steam_id} follow={follow} onDone={refresh} />
        ))}
      </ul>
      <Pager cursors={cursors} next={answer?.next_cursor} onChange={setCursors} />
    </Page>
  );
}

function Follow({ onDone }: { onDone(): unknown }) {
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const follow = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const form = event.currentTarget;
    const given = new FormData(form);
    setProblem(null);
    try {
      const { steam_id, every } = await set(String(given.get('person')).trim(), String(given.get('every')));
      tell(`${steam_id} is imported each ${every} from now on.`, {
        undo: () => drop(steam_id).then(onDone, (error) => tell(asProblem(error).message, { tone: 'bad' })),
      });
      form.reset();
      onDone();
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  return (
    <form class="card stack" onSubmit={follow} aria-label="Follow a library">
      <div class="field">
        <input
          name="person"
          required
          maxLength={500}
          aria-label="SteamID64"
          placeholder="SteamID64, such as 76561197960287930"
          autocomplete="off"
          spellcheck={false}
        />
        <select name="every" aria-label="How often">
          {rhythms.map((every) => (
            <option key={every} value={every}>
              each {every}
            </option>
          ))}
        </select>
        <button type="submit" class="primary">
          Follow
        </button>
      </div>
      <ProblemNote problem={problem} />
    </form>
  );
}

function FollowRow({
  follow: { steam_id, every, next_at, paused },
  onDone,
}: {
  follow: FollowView;
  onDone(): unknown;
}) {
  const act = async (what: () => Promise<unknown>, told: string, undo?: () => Promise<unknown>) => {
    try {
      await what();
      tell(told, { undo: undo && (() => act(undo, 'Taken back.')) });
    } catch (error) {
      tell(asProblem(error).message, { tone: 'bad' });
    }
    onDone();
  };
  return (
    <li class="row">
      <a class="who" href={`/console/libraries/${steam_id}`}>
        {steam_id}
      </a>
      <span class={paused ? 'status slow' : 'status good'}>{paused ? 'paused' : `each ${every}`}</span>
      <span class="what">
        {paused ? (
          <>
            {paused.message} <code>{paused.code}</code>{' '}
            <a href={`/console/imports/${paused.import_id}`}>See the import</a>
          </>
        ) : (
          next_at && (
            <>
              next <Ago at={next_at} />
            </>
          )
        )}
      </span>
      <span class="when">
        {paused && (
          <button
            type="button"
            class="small"
            onClick={() => void act(() => set(steam_id, every), `${steam_id} is followed again.`)}
          >
            Follow again
          </button>
        )}{' '}
        <button
          type="button"
          class="small"
          onClick={() =>
            void act(
              () => drop(steam_id),
              `${steam_id} is no longer followed.`,
              () => set(steam_id, every),
            )
          }
        >
          Unfollow
        </button>
      </span>
    </li>
  );
}
