import type { Classification, MatchStatus } from '../contracts/classification.ts';
import { type Override, readOverrides } from '../contracts/overrides.ts';
import { type OverrideChange, setOverride } from './edit-overrides.ts';

/** What an app is taken for. Null where only the next look-up tells. */
export type AppView = {
  classification: Classification;
  match_status: MatchStatus | null;
  igdb_id: number | null;
  igdb_name: string | null;
};

/** Where a deployment's database can be asked. */
export type StoredApps = {
  /** Null when no library ever had it. `people`: whose library has it now. */
  findApp(appId: number): Promise<{ name: string; people: number; view: AppView } | null>;
  /** Null where no app is that game yet. */
  findGameName(igdbId: number): Promise<string | null>;
};

export type OverridePreview = {
  appid: number;
  override: { before: OverrideView | null; after: OverrideView };
  name: string | null;
  /** Null where no library has the app. */
  before: AppView | null;
  after: AppView | null;
  people: number;
};
type OverrideView = {
  igdb_id: number | 'none' | null;
  classification: Classification | null;
  note: string | null;
};

/**
 * What a decision would change, without deciding. It holds from each library's next enrichment on.
 * @param text of the override file; null when there is none. @throws as `setOverride` does
 */
export async function previewOverride(
  text: string | null,
  appId: number,
  change: OverrideChange,
  apps: StoredApps,
): Promise<OverridePreview> {
  const before = await overrideIn(text, appId);
  const after = (await overrideIn(await setOverride(text, appId, change), appId))!;
  const app = await apps.findApp(appId);
  return {
    appid: appId,
    override: { before: before && viewOf(before), after: viewOf(after) },
    name: app?.name ?? null,
    before: app?.view ?? null,
    after: app && (await decide(app.view, before, after, apps)),
    people: app?.people ?? 0,
  };
}

async function overrideIn(text: string | null, appId: number): Promise<Override | null> {
  if (!text?.trim()) return null;
  const bytes = (async function* () {
    yield new TextEncoder().encode(text);
  })();
  return (await readOverrides(bytes)).overrides.get(appId) ?? null;
}

const viewOf = ({ igdbId, classification, note }: Override): OverrideView => ({
  igdb_id: igdbId,
  classification,
  note,
});

/** As enrichment decides (`classification/app-evidence.ts`, `enrichment/enrich-row.ts`). */
async function decide(
  view: AppView,
  earlier: Override | null,
  { igdbId, classification: decided }: Override,
  apps: StoredApps,
): Promise<AppView> {
  const classification = decided ?? (typeof igdbId === 'number' ? 'game' : view.classification);
  const without = { classification, igdb_id: null, igdb_name: null };
  if (classification !== 'game') return { ...without, match_status: 'IGNORED' };
  if (igdbId === 'none') return { ...without, match_status: 'UNMATCHED' };
  if (igdbId !== null) {
    const name = igdbId === view.igdb_id ? view.igdb_name : await apps.findGameName(igdbId);
    return { classification, match_status: 'MATCHED', igdb_id: igdbId, igdb_name: name };
  }
  // What somebody had decided no longer holds, or the app was no game and was never looked up.
  const isOpen = (earlier?.igdbId ?? null) !== null || view.match_status === 'IGNORED';
  return isOpen ? { ...without, match_status: null } : { ...view, classification };
}
