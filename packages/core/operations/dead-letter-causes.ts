import type { DeadLetter } from '../contracts/dead-letter.ts';
import type { StageName } from '../topology.ts';

/** What dead letters of one stage have in common. */
export type Cause = {
  stage: StageName;
  code: string;
  /** As the newest of them says it. */
  message: string;
  retryable: boolean;
  count: number;
  /** When the first and the last of them failed last, ISO 8601. */
  oldest: string;
  newest: string;
  example_import_id: string | null;
};

/** Dead letters by stage and error code, the most frequent first. */
export function causesOf(letters: readonly DeadLetter[]): Cause[] {
  const causes = new Map<string, Cause>();
  for (const letter of letters) {
    const { stage, error, import_id, last_failed_at: at } = letter;
    const key = `${stage} ${error.code}`;
    const known = causes.get(key);
    const newest = known === undefined || at > known.newest;
    causes.set(key, {
      stage,
      code: error.code,
      message: newest ? error.message : known.message,
      retryable: newest ? error.retryable : known.retryable,
      count: (known?.count ?? 0) + 1,
      oldest: known !== undefined && known.oldest < at ? known.oldest : at,
      newest: newest ? at : known.newest,
      example_import_id:
        (newest ? import_id : known.example_import_id) ?? known?.example_import_id ?? import_id,
    });
  }
  return [...causes.values()].sort((a, b) => b.count - a.count || b.newest.localeCompare(a.newest));
}
