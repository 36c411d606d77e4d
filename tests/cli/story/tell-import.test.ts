import { tellOutcome } from '@savepoint/cli/story/tell-import.ts';
import { viewImport } from '@savepoint/core/contracts/import-status.ts';
import { at, importId, statusOf } from '../../support/stage-statuses.ts';

test('a completed import tells its result, that it was stale, and its warnings', () => {
  const load = statusOf('database-import', 'completed', 4, {
    counts: { imported_count: 2, matched: 1, unmatched: 1 },
    stale: true,
    warnings: [{ code: 'PLAYTIME_HIDDEN', message: 'Untick the box.' }],
  });
  const view = viewImport(importId, { request: null, stages: { 'database-import': load } }, new Date(at(5)));
  expect(tellOutcome(view, new Date(at(5)))).toEqual([
    expect.stringMatching(/^Stored 2 games/),
    expect.stringContaining('A newer import of this person was loaded before'),
    'Warning PLAYTIME_HIDDEN: Untick the box.',
  ]);
});
