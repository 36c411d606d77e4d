import type { Classification } from '@savepoint/core/contracts/classification.ts';
import { ApiProblem, call } from '../../api/call.ts';

/** What a person decides about an app: it overrides what enrichment would find, from the next enrichment on. */

export type App = { appid: number; title: string; igdbId: number | null };

export type Decision =
  | { kind: 'game'; igdbId: number; name: string; year: number | null }
  | { kind: 'no-match' }
  | { kind: 'no-game'; classification: Classification };

/** As `PUT /overrides/{appid}` takes it. */
type OverrideLine = {
  igdb_id?: number | 'none' | null;
  classification?: Classification | null;
  note?: string | null;
};

const bodyOf = (decision: Decision): OverrideLine => {
  if (decision.kind === 'game') return { igdb_id: decision.igdbId, classification: 'game' };
  return decision.kind === 'no-match'
    ? { igdb_id: 'none', classification: 'game' }
    : { classification: decision.classification };
};

export const tellDecision = (decision: Decision): string => {
  if (decision.kind === 'game')
    return decision.year === null ? decision.name : `${decision.name} (${decision.year})`;
  return decision.kind === 'no-match' ? 'none of IGDB’s games' : decision.classification.replaceAll('_', ' ');
};

/**
 * Writes the override and runs the import again.
 * @returns what takes it back: the override as it was before, and another run.
 */
export async function decide(
  appid: number,
  decision: Decision,
  importId: string,
): Promise<() => Promise<void>> {
  const path = `/overrides/${appid}`;
  const before = await findOverride(appid);
  await call(path, { method: 'PUT', json: bodyOf(decision) });
  await rerun(importId);
  return async () => {
    // What the line did not say before, it must not say again.
    await call(path, { method: 'DELETE' });
    if (before !== null) await call(path, { method: 'PUT', json: told(before) });
    await rerun(importId);
  };
}

const rerun = (importId: string) =>
  call(`/imports/${importId}/rerun`, { method: 'POST', json: { from: 'raw' } });

async function findOverride(appid: number): Promise<OverrideLine | null> {
  try {
    // The list begins behind the cursor, in the order of the apps.
    const { overrides } = await call<{ overrides: (OverrideLine & { appid: number })[] }>(
      `/overrides?max=1&cursor=${appid - 1}`,
    );
    return overrides.find((line) => line.appid === appid) ?? null;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return null;
    throw error;
  }
}

/** What is null was not decided, and is not sent. */
const told = ({ igdb_id, classification, note }: OverrideLine): OverrideLine => ({
  ...(igdb_id != null && { igdb_id }),
  ...(classification != null && { classification }),
  ...(note != null && { note }),
});
