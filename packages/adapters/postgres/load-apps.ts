import type { EnrichedRow } from '@savepoint/core/contracts/enriched-library.ts';
import { type RawBuilder, sql } from 'kysely';
import type { ElementType, Value } from './array-parameter.ts';
import { joinConfirmations, oldestOf } from './confirmations.ts';
import { beforeApp } from './library-changes.ts';
import { isLater, laterWins } from './later-wins.ts';
import type { LibraryState } from './library-state.ts';
import type { Column } from './unnest-rows.ts';
import type { Rows } from './write-rows.ts';

/** An app as a row of the file tells it; times in Unix seconds. */
export type AppFact = {
  row: EnrichedRow;
  /** When Steam and IGDB were asked. */
  learntAt: number;
  /** When Steam was asked for the library, which holds the name. */
  namedAt: number;
  gameId: number | null;
};

/** Of a dropped file that names no source. An app that has none stored was classified by nobody. */
const unnamedSource = 'file';
const sourceOf = ({ classification, classificationSource }: EnrichedRow) =>
  classification === null ? null : (classificationSource ?? unnamedSource);
/** When a row's name, icon or content descriptors were learnt; null where it tells none. */
export const namedAtOf = (
  { name, iconHash, contentDescriptors }: EnrichedRow,
  namedAt: number,
): number | null => (name === null && iconHash === null && contentDescriptors === null ? null : namedAt);

/**
 * How far a source can be trusted; the name rules and what is unknown are the least. One table for what an app is
 * and for which game: `steam` and `igdb` name sources of the former, the others ways to the latter.
 */
const strengths = { override: 5, steam: 4, igdb: 3, uid: 3, name: 2, alternative_name: 2, search: 1 };
const strengthOf = (word: RawBuilder<unknown>, known: readonly (keyof typeof strengths)[]) =>
  sql`case ${word} ${sql.join(
    known.map((one) => sql`when ${sql.lit(one)} then ${sql.lit(strengths[one])}`),
    sql` `,
  )} else 0 end`;
const classSources = ['override', 'steam', 'igdb'] as const;
/** `name` is here the name rules. */
const classStrength = (of: 'incoming' | 'stored') =>
  strengthOf(sql.ref(`${of}.classification_source`), classSources);
const matchStrength = (of: 'incoming' | 'stored') =>
  strengthOf(sql.ref(`${of}.match_method`), ['override', 'uid', 'name', 'alternative_name', 'search']);
const matchSource = (of: 'incoming' | 'stored') =>
  sql`case ${sql.ref(`${of}.match_method`)} when 'override' then 'override' else 'igdb' end`;

/** A game by the name rules alone that was not looked up: nobody said anything of it. */
export const tellsOfApp = (row: EnrichedRow): boolean =>
  row.matchStatus !== 'PENDING' || classSources.some((source) => source === sourceOf(row));
const tells = sql`(incoming.match_status <> 'PENDING' or ${classStrength('incoming')} > 0)`;
const silent = sql`incoming.silent_sources::text[]`;

/** An override that was asked for and is no more. */
const overrideIsGone = sql`(
  fact.later and incoming.classification is not null and incoming.classification_source <> 'override'
  and 'override' <> all(${silent})
)`;

/**
 * Whether the app is what the file says. The later word wins, but weaker evidence only where the source of the
 * stronger answered as well: what did not answer takes nothing back. What was learnt earlier wins where it is
 * stronger and its source did not answer later.
 */
const classWins = sql`(case
  when stored.classification_source is null then incoming.classification is not null
  when incoming.classification is null then false
  when fact.later then
    (${tells} and (${classStrength('incoming')} >= ${classStrength('stored')}
      or stored.classification_source <> all(${silent})))
    or (stored.classification_source = 'override' and ${overrideIsGone})
  else ${tells} and ${classStrength('incoming')} > ${classStrength('stored')}
    and incoming.classification_source = any(stored.silent_sources)
end)`;
const classification = sql`case when class.wins then incoming.classification else coalesce(stored.classification, 'game') end`;

/** The same of the match; where there is none, an earlier one will do, but no override that was removed since. */
const matchWins = sql`(case
  when coalesce(stored.match_status, 'PENDING') in ('PENDING', 'IGNORED')
    then fact.later or incoming.match_method is distinct from 'override'
  when fact.later then ${matchStrength('incoming')} >= ${matchStrength('stored')}
    or ${matchSource('stored')} <> all(${silent})
  else ${matchStrength('incoming')} > ${matchStrength('stored')}
    and ${matchSource('incoming')} = any(stored.silent_sources)
end)`;

/**
 * Whether the match is the file's. What is not a game has none; and a PENDING row says nothing of a match that is
 * stored, unless an override had made it.
 */
const takesMatch = sql`(case
  when ${classification} <> 'game' then class.wins
  when incoming.match_status in ('MATCHED', 'UNMATCHED') then ${matchWins}
  when incoming.match_status = 'PENDING' then
    case coalesce(stored.match_status, 'IGNORED')
      when 'IGNORED' then true
      when 'PENDING' then fact.later
      else stored.match_method = 'override' and class.override_is_gone
    end
  else false
end)`;

/** What becomes of an app, step by step. OFFSET keeps PostgreSQL from writing each step out wherever it is used. */
const decisions = (state: LibraryState) => sql`
  cross join lateral (
    select ${isLater('learnt_at', state)} as later, ${isLater('named_at', state)} as named_later offset 0
  ) fact
  cross join lateral (select ${overrideIsGone} as override_is_gone, ${classWins} as wins offset 0) class
  cross join lateral (select ${takesMatch} as taken offset 0) match`;

const matchColumns = [
  'match_status',
  'match_method',
  'match_confidence',
  'match_reason',
  'rejected_igdb_ids',
  'game_id',
] as const;

const storeColumns: readonly (readonly [
  name: string,
  type: ElementType,
  read: (row: EnrichedRow) => Value,
])[] = [
  ['deck_compatibility', 'text', (row) => row.deckCompatibility],
  ['review_percent', 'real', (row) => row.reviewPercent],
  ['review_count', 'int', (row) => row.reviewCount],
  ['release_state', 'text', (row) => row.releaseState],
  ['header_image_url', 'text', (row) => row.headerImageUrl],
];

/** The rows of `steam_apps`. @param facts sorted by appId, none twice. */
export function appRows(facts: readonly AppFact[], state: LibraryState): Rows {
  const rows = facts.map(({ row }) => row);
  const appIds: Column = ['app_id', 'int', rows.map((row) => row.appId)];
  const named = laterWins(sql`fact.named_later`);
  const learnt = laterWins(sql`fact.later`);
  const computed = {
    rejected_igdb_ids: sql`incoming.rejected_igdb_ids::int[]`,
    silent_sources: silent,
    content_descriptors: sql`incoming.content_descriptors::int[]`,
    learnt_at: sql`to_timestamp(incoming.learnt_at)`,
    named_at: sql`to_timestamp(incoming.named_at)`,
  };
  const placeholder = sql`'App ' || incoming.app_id`;
  const times = facts.flatMap(({ learntAt, namedAt }) => [learntAt, namedAt]);
  const ofNew = (incoming: RawBuilder<unknown>, stored: RawBuilder<unknown>) =>
    sql`case when stored.app_id is null then ${incoming} else ${stored} end`;
  const either = (wins: RawBuilder<unknown>, name: string) => {
    const incoming = computed[name as keyof typeof computed] ?? sql.ref(`incoming.${name}`);
    return sql`case when stored.app_id is null or ${wins} then ${incoming} else ${sql.ref(`stored.${name}`)} end`;
  };
  return {
    table: 'steam_apps',
    key: ['app_id'],
    incoming: [
      appIds,
      ['name', 'text', rows.map((row) => row.name)],
      ['icon_hash', 'text', rows.map((row) => row.iconHash)],
      ['classification', 'text', rows.map((row) => row.classification)],
      ['classification_source', 'text', rows.map(sourceOf)],
      ['match_status', 'text', rows.map((row) => row.matchStatus)],
      ['match_method', 'text', rows.map((row) => row.matchMethod)],
      ['match_confidence', 'real', rows.map((row) => row.matchConfidence)],
      ['match_reason', 'text', rows.map((row) => row.matchReason)],
      ['rejected_igdb_ids', 'text', rows.map((row) => `{${row.rejectedIgdbIds.join()}}`)],
      ['game_id', 'int', facts.map(({ gameId }) => gameId)],
      ['silent_sources', 'text', rows.map((row) => `{${row.silentSources.join()}}`)],
      [
        'content_descriptors',
        'text',
        rows.map((row) => row.contentDescriptors && `{${row.contentDescriptors.join()}}`),
      ],
      ...storeColumns.map(([name, type, read]) => [name, type, rows.map(read)] as const),
      ['learnt_at', 'int', facts.map(({ learntAt }) => learntAt)],
      ['named_at', 'int', facts.map(({ row, namedAt }) => namedAtOf(row, namedAt))],
    ],
    computed,
    merged: {
      name: sql`coalesce(${named(sql`incoming.name`, sql`nullif(stored.name, ${placeholder})`)}, ${placeholder})`,
      icon_hash: named(sql`incoming.icon_hash`, sql`stored.icon_hash`),
      content_descriptors: named(computed.content_descriptors, sql`stored.content_descriptors`),
      ...Object.fromEntries(
        storeColumns.map(([name]) => [name, learnt(sql.ref(`incoming.${name}`), sql.ref(`stored.${name}`))]),
      ),
      classification: ofNew(sql`coalesce(incoming.classification, 'game')`, classification),
      classification_source: either(sql`class.wins`, 'classification_source'),
      ...Object.fromEntries(matchColumns.map((name) => [name, either(sql`match.taken`, name)])),
      silent_sources: either(sql`fact.later and (class.wins or match.taken)`, 'silent_sources'),
      learnt_at: sql`case
        when ${tells} or (stored.classification_source = 'override' and class.override_is_gone)
          then greatest(stored.learnt_at, to_timestamp(incoming.learnt_at))
        else stored.learnt_at
      end`,
      named_at: sql`greatest(stored.named_at, to_timestamp(incoming.named_at))`,
    },
    noted: ['learnt_at', 'named_at'],
    kept: beforeApp,
    join: sql`${joinConfirmations('steam_apps', appIds, state, oldestOf(times))}
      ${decisions(state)}`,
  };
}
