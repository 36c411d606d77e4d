import { type AppEvidence, classifyBeforeMatch, steamTypeOf } from '../classification/app-evidence.ts';
import { classifyApp } from '../classification/classify-app.ts';
import { type EnrichedRow, untoldStoreFacts } from '../contracts/enriched-library.ts';
import type { Override } from '../contracts/overrides.ts';
import type { RawRow } from '../contracts/raw-library.ts';
import type { IgdbGame } from '../matching/igdb-game.ts';
import type { Match } from '../matching/match.ts';

/** A raw row with what is known of its app. */
export function enrichRow(row: RawRow, evidence: AppEvidence): EnrichedRow {
  const match = matchOf(evidence);
  const told = classify(row, evidence, match);
  const isUnclear = lacksItsName(row, told);
  const common = {
    ...row,
    ...(evidence.knowledge?.store ?? untoldStoreFacts),
    ...(isUnclear ? { classification: null, classificationSource: null } : told),
    learntAt: evidence.knowledge?.learntAt ?? null,
    silentSources: silentSourcesOf(evidence, match, isUnclear),
  };
  if (told.classification !== 'game' || match === null)
    return {
      ...common,
      matchStatus: told.classification === 'game' ? 'PENDING' : 'IGNORED',
      matchMethod: null,
      matchConfidence: null,
      matchReason: null,
      rejectedIgdbIds: [],
      candidates: null,
      game: null,
    };
  const matched = match.status === 'MATCHED';
  return {
    ...common,
    matchStatus: match.status,
    matchMethod: matched ? match.method : methodOfNone(evidence),
    matchConfidence: matched ? match.confidence : null,
    matchReason: match.reason,
    rejectedIgdbIds: match.rejectedIds,
    candidates: match.candidates ?? null,
    game: matched ? match.game : null,
  };
}

/** That a person forbade a match, or pinned a game that is none, is as strong as a match of theirs. */
const methodOfNone = ({ override }: AppEvidence): 'override' | null =>
  (override?.igdbId ?? null) === null ? null : 'override';

/** Who was asked about the app and failed to answer: what it said before still holds. */
function silentSourcesOf({ knowledge }: AppEvidence, match: Match | null, isUnclear: boolean): string[] {
  return [
    ...(knowledge?.storeAnswered === false || isUnclear ? ['steam'] : []),
    ...(match?.status === 'PENDING' ? ['igdb'] : []),
  ];
}

/**
 * Steam's “game” gives way to some names. Where the library leaves the name out, nobody can tell whether it does, and what
 * the name said before still holds.
 */
const lacksItsName = (
  { name }: RawRow,
  { classification, classificationSource }: Pick<EnrichedRow, 'classification' | 'classificationSource'>,
): boolean => name === null && classification === 'game' && classificationSource === 'steam';

/** IGDB has a say only through the game that carries the app's own uid. */
function classify(row: RawRow, evidence: AppEvidence, match: Match | null) {
  const before = classifyBeforeMatch(row, evidence);
  const { classification, classificationSource } =
    before.classificationSource !== 'override' && match?.status === 'MATCHED' && match.method === 'uid'
      ? classifyApp(row, { steamType: steamTypeOf(evidence), igdbGameType: match.game.gameType })
      : before;
  return { classification, classificationSource };
}

function matchOf({ override, pinned, knowledge }: AppEvidence): Match | null {
  if (override?.igdbId === 'none')
    return { status: 'UNMATCHED', reason: `an override forbids a match${noteOf(override)}`, rejectedIds: [] };
  return pinned ?? knowledge?.match ?? null;
}

/** The match that an override pins, or why it does not hold. @param game null when IGDB refused to tell. */
export function pinnedMatch(override: Override, game: IgdbGame | null | undefined): Match {
  if (game === null)
    return {
      status: 'PENDING',
      reason: `an override pins IGDB game ${override.igdbId}, which IGDB refuses to look for; it is asked again`,
      rejectedIds: [],
    };
  if (!game)
    return {
      status: 'UNMATCHED',
      reason: `an override pins IGDB game ${override.igdbId}, which IGDB does not know`,
      rejectedIds: [],
    };
  return {
    status: 'MATCHED',
    game,
    method: 'override',
    confidence: 1,
    reason: `pinned by an override${noteOf(override)}`,
    rejectedIds: [],
  };
}

const noteOf = ({ note }: Override): string => (note === null ? '' : `: ${note}`);
