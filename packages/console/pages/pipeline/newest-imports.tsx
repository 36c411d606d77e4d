import { type ImportView, importStatuses } from '@savepoint/core/contracts/import-view.ts';
import { useEffect, useState } from 'preact/hooks';
import { useAnswer } from '../../api/use-answer.ts';
import { isUnderWay } from '../../parts/under-way.ts';
import { Pager } from '../../parts/pager.tsx';
import { ProblemNote } from '../../parts/problem-note.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { ImportRow } from './import-row.tsx';

type Page = { imports: ImportView[]; next_cursor?: string };

const pageSize = 25;
const pauseMs = { busy: 2000, idle: 10_000 };
const spans = { '': 'any time', 1: 'the last hour', 24: 'the last day', 168: 'the last week' } as const;

/** The newest imports, live, by person, status and time. */
export function NewestImports() {
  const [person, setPerson] = useState('');
  const [status, setStatus] = useState('');
  const [hours, setHours] = useState('');
  const [since, setSince] = useState('');
  const [cursors, setCursors] = useState<string[]>([]);
  const asked = useSettled(person.trim(), 400);
  useEffect(() => setCursors([]), [asked, status, since]);

  const query = new URLSearchParams({ max: String(pageSize) });
  if (asked) query.set('steam_id', asked);
  if (status) query.set('status', status);
  if (since) query.set('since', since);
  const cursor = cursors.at(-1);
  if (cursor !== undefined) query.set('cursor', cursor);
  const { answer, problem, refresh } = useAnswer<Page>(`/imports?${query}`, {
    everyMs: (page) => (page?.imports.some(isUnderWay) ? pauseMs.busy : pauseMs.idle),
  });
  return (
    <section aria-labelledby="imports">
      <div class="title">
        <h2 id="imports">Imports</h2>
        <form class="filters" onSubmit={(event) => event.preventDefault()}>
          <input
            type="search"
            aria-label="Person"
            placeholder="Person"
            maxLength={500}
            value={person}
            onInput={({ currentTarget }) => setPerson(currentTarget.value)}
          />
          <select
            aria-label="Status"
            value={status}
            onChange={({ currentTarget }) => setStatus(currentTarget.value)}
          >
            <option value="">any status</option>
            {importStatuses.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
          <select
            aria-label="Time"
            value={hours}
            onChange={({ currentTarget: { value } }) => {
              setHours(value);
              setSince(value && new Date(Date.now() - Number(value) * 3_600_000).toISOString());
            }}
          >
            {Object.entries(spans).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </form>
      </div>
      <ProblemNote problem={problem} onRetry={refresh} />
      {answer === null && problem === null && <Skeleton rows={5} />}
      {answer?.imports.length === 0 && (
        <p class="empty">{asked || status || since ? 'No import fits.' : 'Nothing was imported yet.'}</p>
      )}
      <ul class="rows">
        {answer?.imports.map((view) => (
          <ImportRow key={view.import_id} view={view} />
        ))}
      </ul>
      <Pager
        cursors={cursors}
        next={answer?.next_cursor}
        onChange={setCursors}
        words={{ back: 'Newer', on: 'Older' }}
      />
    </section>
  );
}

/** A value once nobody has typed on for a moment. */
function useSettled(value: string, ms: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
