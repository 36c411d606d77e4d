import { createEvidence, needsMatch } from '../../packages/core/app-evidence.ts';
import type { AppKnowledge } from '../../packages/core/contracts/checkpoint.ts';
import type { Override } from '../../packages/core/contracts/overrides.ts';
import type { Match } from '../../packages/core/match.ts';
import { game } from './igdb-in-memory.ts';

const app = { appId: 400, name: 'Portal' };
const portal = game(72, 'Portal');
const matched = (more: Partial<Match & { status: 'MATCHED' }> = {}): Match => ({
  status: 'MATCHED',
  game: portal,
  method: 'uid',
  confidence: 0.95,
  reason: 'the only one',
  rejectedIds: [7],
  ...more,
});
const unmatched: Match = { status: 'UNMATCHED', reason: 'no candidate bears this name', rejectedIds: [8] };
const override = (more: Partial<Override>): Override => ({
  appId: 400,
  igdbId: null,
  classification: null,
  note: null,
  ...more,
});

function evidenceOf(known: Partial<AppKnowledge> | null, overridden?: Override, pinned?: Match) {
  const evidence = createEvidence(new Map(overridden ? [[400, overridden]] : []));
  if (known) evidence.learn({ appId: 400, steamType: null, match: null, ...known });
  if (pinned) evidence.pin(400, pinned);
  return evidence.of(400);
}
test.each([
  ['of which nothing is known', evidenceOf(null), true],
  ['that Steam calls a game', evidenceOf({ steamType: 0 }), true],
  ['that Steam calls a tool', evidenceOf({ steamType: 13 }), false],
  ['that was found', evidenceOf({ match: matched() }), false],
  ['that was looked for in vain', evidenceOf({ match: unmatched }), false],
  ['without a match, by override', evidenceOf({ steamType: 0 }, override({ igdbId: 'none' })), false],
  ['whose pinned game was not fetched', evidenceOf({ match: matched() }, override({ igdbId: 5 })), true],
  ['whose pinned game was fetched', evidenceOf(null, override({ igdbId: 5 }), matched()), false],
  [
    'that an override calls a demo',
    evidenceOf({ steamType: 0 }, override({ classification: 'demo' })),
    false,
  ],
  [
    'that an override calls a game',
    evidenceOf({ steamType: 13 }, override({ classification: 'game' })),
    true,
  ],
])('IGDB is asked for an app %s: %p', (_what, evidence, expected) => {
  expect(needsMatch(app, evidence)).toBe(expected);
});
