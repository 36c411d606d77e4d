import { isDeepStrictEqual } from 'node:util';
import type { Evidence, ImportRow } from './evidence.ts';

/** What must hold whatever failed. Jepsen's total queue: nothing lost, nothing unexpected; then what the numbers say. */

export const kinds = ['lost', 'unexpected', 'stuck', 'miscounted', 'untrue', 'differs', 'unmet'] as const;
export type Finding = { kind: (typeof kinds)[number]; what: string };

type Check = (evidence: Evidence) => Finding[];

/** @param poison dead letters that were put there to stay. */
export function checkAll(evidence: Evidence, poison: number): Finding[] {
  const checks: Check[] = [
    nothingLost,
    nothingUnexpected(poison),
    nothingStuck,
    rowsAddUp,
    storyIsTrue,
    publishedIsStored,
    noMinuteInvented,
  ];
  return checks.flatMap((check) => check(evidence));
}

const importIds = ({ imports }: Evidence) => new Set(imports.map(({ import_id }) => import_id));

/** What was accepted is in the database or in a dead-letter queue. */
const nothingLost: Check = (evidence) => {
  const stored = importIds(evidence);
  const dead = new Set(evidence.letters.map(({ importId }) => importId));
  return evidence.accepted
    .filter((importId) => !stored.has(importId) && !dead.has(importId))
    .map((importId) => ({ kind: 'lost', what: `${importId} is neither in the database nor a dead letter` }));
};

/** Nobody is there who was not asked for, and no letter that nobody sent. */
const nothingUnexpected =
  (poison: number): Check =>
  ({ imports, library, letters, people, accepted }) => {
    const known = (steamId: string) => people.includes(steamId);
    const strangers = [
      ...imports.filter(({ steam_id }) => !known(steam_id)).map(({ import_id }) => import_id),
      ...[...library.keys()].filter((key) => !known(key.split('/')[0]!)),
    ];
    const others = letters.filter(({ importId }) => importId === null || !accepted.includes(importId));
    return [
      ...strangers.map(
        (what): Finding => ({ kind: 'unexpected', what: `${what} belongs to nobody who was imported` }),
      ),
      ...(others.length > poison
        ? [
            {
              kind: 'unexpected',
              what: `dead letters that nobody asked for: ${JSON.stringify(others)}`,
            } as const,
          ]
        : []),
    ];
  };

/** No message is left, and no import is under way. */
const nothingStuck: Check = ({ waiting, accepted, views }) => [
  ...(waiting > 0 ? [{ kind: 'stuck', what: `${waiting} messages never left their queues` } as const] : []),
  ...accepted
    .filter((importId) => !['completed', 'failed'].includes(views.get(importId)?.status ?? ''))
    .map((importId): Finding => ({ kind: 'stuck', what: `${importId} is ${views.get(importId)?.status}` })),
];

/** raw = enriched + rejected, and enriched = stored + rejected. */
const rowsAddUp: Check = ({ imports, files, views }) =>
  imports.flatMap((row): Finding[] => {
    const { raw, enriched } = files.get(row.import_id)!;
    const told = (stage: string) =>
      views.get(row.import_id)?.stages.find(({ name }) => name === stage)?.counts;
    // What Steam listed in a form that nobody can read is in no file.
    const unread = told('steam-import')?.dropped_count ?? 0;
    const refused = told('igdb-enrichment')?.rejected ?? 0;
    const faults = [
      enriched === null ? 'there is no enriched file' : null,
      raw !== null && enriched !== null && raw !== enriched + refused
        ? `${raw} raw rows are not ${enriched} enriched and ${refused} refused`
        : null,
      // Those that enrichment refused count among the rejected.
      enriched !== null && enriched !== storedOf(row) + row.rejected - refused - unread
        ? `${enriched} enriched rows are not ${storedOf(row)} stored and ${row.rejected - refused - unread} refused`
        : null,
      row.imported_count !== row.matched + row.unmatched + row.pending ? 'the games do not add up' : null,
      row.skipped_count !== row.ignored + row.rejected ? 'what was skipped does not add up' : null,
    ];
    return faults.flatMap((fault) =>
      fault === null ? [] : [{ kind: 'miscounted', what: `${row.import_id}: ${fault}` }],
    );
  });

const storedOf = ({ imported_count, ignored }: ImportRow) => imported_count + ignored;

/** What people are told of an import is what stands in the database and in the dead-letter queues. */
const storyIsTrue: Check = (evidence) => {
  const rows = new Map(evidence.imports.map((row) => [row.import_id, row]));
  const dead = new Set(evidence.letters.map(({ importId }) => importId));
  return evidence.accepted.flatMap((importId): Finding[] => {
    const view = evidence.views.get(importId);
    const row = rows.get(importId);
    if (!view) return [{ kind: 'untrue', what: `${importId} was accepted, and nobody knows of it` }];
    if (view.status === 'failed' && !dead.has(importId))
      return [{ kind: 'untrue', what: `${importId} is told to have failed, and there is no dead letter` }];
    if (view.status !== 'completed') return [];
    if (!row)
      return [{ kind: 'untrue', what: `${importId} is told to be completed, and is not in the database` }];
    const told = { imported: view.result?.imported_count, skipped: view.result?.skipped_count };
    const stored = { imported: row.imported_count, skipped: row.skipped_count };
    return isDeepStrictEqual(told, stored)
      ? []
      : [
          {
            kind: 'untrue',
            what: `${importId} is told as ${JSON.stringify(told)}, and is ${JSON.stringify(stored)}`,
          },
        ];
  });
};

/**
 * What is handed out of a library stands in the tables, and nobody's is missing. Which apps are games may have become known
 * by a later import of somebody else's, which a published library tells with its own next import.
 */
const publishedIsStored: Check = ({ minutes: { stored, published } }) => {
  const ownerOf = (key: string) => key.split('/')[0]!;
  const owners = new Set([...published.keys()].map(ownerOf));
  return [
    ...[...published]
      .filter(([key, minutes]) => stored.get(key) !== minutes)
      .map(([key, minutes]) => `${key} is published with ${minutes} minutes, not ${stored.get(key)}`),
    ...[...new Set([...stored.keys()].map(ownerOf))]
      .filter((steamId) => !owners.has(steamId))
      .map((steamId) => `the library of ${steamId} is not published`),
  ].map((what): Finding => ({ kind: 'untrue', what }));
};

/** Nobody played while the faults lasted, and nobody's library began twice. */
const noMinuteInvented: Check = ({ minutesPlayed, firsts }) => [
  ...(minutesPlayed === 0
    ? []
    : [{ kind: 'differs', what: `the journal tells ${minutesPlayed} minutes that nobody played` } as const]),
  ...[...firsts]
    .filter(([, count]) => count !== 1)
    .map(
      ([steamId, count]): Finding => ({
        kind: 'differs',
        what: `the library of ${steamId} began ${count} times`,
      }),
    ),
];

/** The rows of these people are the model's, in all columns but what may differ, such as `app.name`. */
export function equalsModel(
  library: ReadonlyMap<string, unknown>,
  model: ReadonlyMap<string, unknown>,
  people: readonly string[],
  mayDiffer: readonly string[] = [],
): Finding[] {
  const theirs = (key: string) => people.includes(key.split('/')[0]!);
  const keys = new Set([...model.keys(), ...library.keys()].filter(theirs));
  return [...keys].flatMap((key): Finding[] => {
    const [is, should] = [library.get(key), model.get(key)];
    if (is === undefined) return [{ kind: 'differs', what: `${key} is missing` }];
    if (should === undefined) return [{ kind: 'differs', what: `${key} should not be there` }];
    const faults = differences(is, should).filter((fault) => !mayDiffer.includes(fault.split(' ')[0]!));
    return faults.length === 0 ? [] : [{ kind: 'differs', what: `${key}: ${faults.join(', ')}` }];
  });
}

/** What nothing depends on is not told when IGDB does not answer at once, and comes with a later import. */
const mayBeUntold = /^game\.time_to_beat_/;

function differences(is: unknown, should: unknown, path = ''): string[] {
  if (isDeepStrictEqual(is, should) || (is === null && mayBeUntold.test(path))) return [];
  if (!isRecord(is) || !isRecord(should))
    return [`${path} is ${JSON.stringify(is)}, not ${JSON.stringify(should)}`];
  return [...new Set([...Object.keys(is), ...Object.keys(should)])].flatMap((name) =>
    differences(is[name], should[name], path === '' ? name : `${path}.${name}`),
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
