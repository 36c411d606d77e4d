import * as v from 'valibot';
import { ValidationError } from '../errors.ts';
import { type Classification, classifications } from './classification.ts';
import { cleanTextOf, nullable, oneOf, requiredId } from './cells.ts';
import { readCsv } from './csv.ts';
import { RejectedRows } from './rejects.ts';
import { recordOf } from './library-reader.ts';
import { rawColumns } from './raw-library.ts';

/**
 * `overrides/apps.csv`: what a person decided about an app, above Steam, IGDB and the rules. Columns
 * `appid,igdb_id,classification,note`; an `igdb_id` of `none` forbids a match.
 */
export const overrideColumns = [
  // A bare `id` may be IGDB's here.
  { ...rawColumns[0], aliases: { same: rawColumns[0].aliases?.same ?? [] } },
  { name: 'igdb_id', about: "IGDB's id of the game that the app is; `none` forbids a match" },
  { name: 'classification', about: 'what the app is' },
  { name: 'note', about: 'why, for other people' },
] as const;

export type Override = {
  appId: number;
  /** The IGDB game to use; `none` for no match at all; null to leave matching to the rules. */
  igdbId: number | 'none' | null;
  classification: Classification | null;
  note: string | null;
};
export type Overrides = ReadonlyMap<number, Override>;

/** The decision alone, so that two can be told apart; null for none. */
export const decisionOf = (override: Override | undefined): string | null =>
  override === undefined ? null : `${override.igdbId ?? ''} ${override.classification ?? ''}`;

const forbidden = v.pipe(v.string(), v.trim(), v.toLowerCase(), v.literal('none'));
const igdbId = v.union([forbidden, nullable(requiredId)], 'is neither an IGDB id nor none');

const OverrideFields = v.pipe(
  v.object({
    appid: requiredId,
    igdb_id: v.optional(igdbId, ''),
    classification: oneOf(classifications).fromText,
    note: nullable(cleanTextOf(500)),
  }),
  v.check(
    ({ igdb_id, classification }) => igdb_id !== null || classification !== null,
    'neither igdb_id nor classification is given, so the line changes nothing',
  ),
);

/** All of them are in memory while an enrichment runs; nobody decided so much by hand. */
const maxOverrides = 100_000;

/**
 * A bad line is left out and reported; the last line of an app holds.
 * @throws ValidationError CSV_…, OVERRIDES_TOO_MANY when the file as a whole is unusable.
 */
export async function readOverrides(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ overrides: Overrides; rejects: RejectedRows }> {
  const overrides = new Map<number, Override>();
  const allRejects = new RejectedRows();
  for await (const { records, rejects } of readCsv(chunks, overrideColumns)) {
    for (const { line, values, fields: cells } of records) {
      const fields = v.safeParse(OverrideFields, values, { abortEarly: true });
      if (!fields.success) {
        rejects.push({ line, reason: describeIssue(fields.issues), record: recordOf(cells) });
        continue;
      }
      const { appid, igdb_id, classification, note } = fields.output;
      overrides.set(appid, { appId: appid, igdbId: igdb_id, classification, note });
    }
    allRejects.add(rejects.sort((a, b) => a.line - b.line));
    if (overrides.size + allRejects.count > maxOverrides) throw tooManyOverrides();
  }
  return { overrides, rejects: allRejects };
}

const tooManyOverrides = () =>
  new ValidationError(
    'OVERRIDES_TOO_MANY',
    `The override file has more than ${maxOverrides.toLocaleString('en')} lines; keep only what you decided yourself.`,
  );

/** The first fault of a line as one sentence: `igdb_id is neither an IGDB id nor none`. */
function describeIssue(issues: readonly v.BaseIssue<unknown>[]): string {
  const issue = issues[0]!;
  const column = v.getDotPath(issue);
  return column ? `${column} ${issue.message}` : issue.message;
}
