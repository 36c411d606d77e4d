import type { DeadLetter } from '@savepoint/core/contracts/dead-letter.ts';
import { causesOf } from '@savepoint/core/operations/dead-letter-causes.ts';
import { at, importId } from '../../support/stage-statuses.ts';

const letter = (second: number, code: string, more: Partial<DeadLetter> = {}): DeadLetter => ({
  message_id: `message-${second}`,
  import_id: importId,
  stage: 'steam-import',
  attempts: 1,
  first_failed_at: at(second),
  last_failed_at: at(second),
  error: { code, message: `at ${second}`, retryable: true },
  body: '{}',
  ...more,
});

test('letters are counted by stage and code, the most frequent cause first', () => {
  const letters = [
    letter(3, 'STEAM_UNAVAILABLE'),
    letter(1, 'STEAM_UNAVAILABLE', { import_id: null }),
    letter(2, 'STEAM_UNAVAILABLE'),
    letter(9, 'DATABASE_UNAVAILABLE', { stage: 'database-import', import_id: null }),
    letter(5, 'STEAM_KEY_REJECTED'),
  ];
  const cause = { stage: 'steam-import', retryable: true, count: 1, example_import_id: importId };
  expect(causesOf(letters)).toEqual([
    { ...cause, code: 'STEAM_UNAVAILABLE', message: 'at 3', count: 3, oldest: at(1), newest: at(3) },
    {
      ...cause,
      stage: 'database-import',
      code: 'DATABASE_UNAVAILABLE',
      message: 'at 9',
      oldest: at(9),
      newest: at(9),
      example_import_id: null,
    },
    { ...cause, code: 'STEAM_KEY_REJECTED', message: 'at 5', oldest: at(5), newest: at(5) },
  ]);
  expect(causesOf([])).toEqual([]);
});
