import { needsMatch } from '@savepoint/core/classification/app-evidence.ts';
import { evidenceOf, matched, override, unmatched } from './portal-evidence.ts';

const app = { appId: 400, name: 'Portal' };
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
