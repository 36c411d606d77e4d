import type { OverrideChange } from '@savepoint/core/operations/edit-overrides.ts';
import {
  type AppView,
  type OverridePreview,
  previewOverride,
  type StoredApps,
} from '@savepoint/core/operations/preview-override.ts';
import { explainFailure } from './failure.ts';
import { findDatabaseUrl } from './find-database.ts';
import { plural } from './story/plural.ts';
import { table } from './terminal/table.ts';

/** `database`: why it could not be asked, where nobody knows whom it is about; else null. */
export type Preview = (OverridePreview | Pick<OverridePreview, 'appid' | 'override'>) & {
  database: string | null;
};

/** What a decision would change, and for how many people where the database is in reach. */
export async function previewWithDatabase(
  text: string | null,
  appId: number,
  change: OverrideChange,
  stage: string | undefined,
): Promise<Preview> {
  // Whether the decision can be made at all does not depend on the database.
  const { appid, override } = await previewOverride(text, appId, change, nothingStored);
  try {
    return { ...(await previewStored(text, appId, change, await findDatabaseUrl(stage))), database: null };
  } catch (error) {
    return { appid, override, database: explainFailure(error).sentence };
  }
}

const nothingStored: StoredApps = { findApp: async () => null, findGameName: async () => null };

async function previewStored(text: string | null, appId: number, change: OverrideChange, url: string) {
  const [{ connectPostgres }, { createStoredApps }] = await Promise.all([
    import('@savepoint/adapters/postgres/connection.ts'),
    import('@savepoint/adapters/postgres/stored-apps.ts'),
  ]);
  const connection = connectPostgres(async () => url);
  try {
    return await previewOverride(text, appId, change, createStoredApps(connection));
  } finally {
    await connection.close();
  }
}

/** For people. @param width see `table`. */
export function tellPreview(preview: Preview, width: number): string {
  const end = 'Nothing was changed; leave out --preview to do it.';
  if (!('people' in preview)) return `What it would change is unknown here: ${preview.database}\n\n${end}`;
  const { appid, name, before, after, people } = preview;
  if (before === null || after === null) return `No library has the app ${appid} yet.\n\n${end}`;
  const rows = [
    ['what it is', before.classification, after.classification],
    ['match', matchOf(before), matchOf(after)],
    ['game', gameOf(before), gameOf(after)],
  ];
  return [
    `App ${appid}, ${name}, is in ${plural(people, 'library', 'libraries')}.`,
    table(['', 'now', 'from the next enrichment'], rows, width),
    end,
  ].join('\n\n');
}

const matchOf = ({ match_status }: AppView): string => match_status ?? 'looked up anew';
const gameOf = ({ igdb_id, igdb_name }: AppView): string =>
  igdb_id === null ? '' : `${igdb_id} ${igdb_name ?? '(not stored yet)'}`;
