import { type Override, readOverrides } from '../contracts/overrides.ts';
import type { Reject } from '../contracts/csv.ts';
import { type OverrideChange, type OverridesFile, removeOverride, setOverride } from './edit-overrides.ts';

/** What somebody decided about an app, as the HTTP API and the command line tell it. */
export type OverrideLine = {
  appid: number;
  igdb_id: Override['igdbId'];
  classification: Override['classification'];
  note: string | null;
};

/** `rejects`: lines that cannot be used, the first of them. `next_cursor`: there are more. */
export type OverridePage = { overrides: OverrideLine[]; rejects: Reject[]; next_cursor?: string };

/** In the order of the apps' numbers, which stays when somebody decides meanwhile. `cursor`: the app before. */
export async function listOverrides(
  file: Pick<OverridesFile, 'read'>,
  { cursor = 0, max }: { cursor?: number | undefined; max: number },
): Promise<OverridePage> {
  const bytes = await file.read();
  if (bytes === null) return { overrides: [], rejects: [] };
  const { overrides, rejects } = await readOverrides(chunksOf(bytes));
  const behind = [...overrides.values()]
    .filter(({ appId }) => appId > cursor)
    .sort((a, b) => a.appId - b.appId);
  const page = behind.slice(0, max).map(lineOf);
  return {
    overrides: page,
    rejects: [...rejects.first],
    ...(behind.length > max && { next_cursor: String(page.at(-1)?.appid) }),
  };
}

/** @returns the app's line as it holds now. @throws as `setOverride` and `OverridesFile.update` do */
export async function decideOverride(
  file: Pick<OverridesFile, 'update'>,
  appId: number,
  change: OverrideChange,
): Promise<OverrideLine> {
  let line: OverrideLine | undefined;
  await file.update(async (text) => {
    const decided = await setOverride(text, appId, change);
    const { overrides } = await readOverrides(chunksOf(new TextEncoder().encode(decided)));
    line = lineOf(overrides.get(appId)!);
    return decided;
  });
  return line!;
}

/** @returns false when there is no override of the app. */
export async function dropOverride(file: Pick<OverridesFile, 'update'>, appId: number): Promise<boolean> {
  let dropped = false;
  await file.update(async (text) => {
    const rest = text === null ? null : await removeOverride(text, appId);
    dropped = rest !== null;
    return rest;
  });
  return dropped;
}

const lineOf = ({ appId, igdbId, classification, note }: Override): OverrideLine => ({
  appid: appId,
  igdb_id: igdbId,
  classification,
  note,
});

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
