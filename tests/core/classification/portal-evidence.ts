import { createEvidence } from '@savepoint/core/classification/app-evidence.ts';
import type { AppKnowledge } from '@savepoint/core/contracts/checkpoint.ts';
import type { Override } from '@savepoint/core/contracts/overrides.ts';
import type { Match } from '@savepoint/core/matching/match.ts';
import { game } from '../enrichment/igdb-in-memory.ts';

/** Portal, app 400 and IGDB game 72 here, in whatever state a test wants. */

export const portal = game(72, 'Portal');
export const matched = (more: Partial<Match & { status: 'MATCHED' }> = {}): Match => ({
  status: 'MATCHED',
  game: portal,
  method: 'uid',
  confidence: 0.95,
  reason: 'the only one',
  rejectedIds: [7],
  ...more,
});
export const unmatched: Match = {
  status: 'UNMATCHED',
  reason: 'no candidate bears this name',
  rejectedIds: [8],
};
export const override = (more: Partial<Override>): Override => ({
  appId: 400,
  igdbId: null,
  classification: null,
  note: null,
  ...more,
});

/** What is known of app 400. */
export function evidenceOf(known: Partial<AppKnowledge> | null, overridden?: Override, pinned?: Match) {
  const evidence = createEvidence(new Map(overridden ? [[400, overridden]] : []));
  if (known)
    evidence.learn({
      appId: 400,
      steamType: null,
      storeAnswered: true,
      store: null,
      match: null,
      learntAt: 1_790_000_000,
      ...known,
    });
  if (pinned) evidence.pin(400, pinned);
  return evidence.of(400);
}
