import { libraryKeyOf, parseLibraryKey, printLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import { checkpointKey, overridesKey, rejectsKey, statusKey } from '@savepoint/core/contracts/object-key.ts';
import { failureOf } from '../../support/failure.ts';
import { importIdOf } from '../../support/ids.ts';

const importId = importIdOf('76561197960287930-20261123T043000123Z');

test('each object of an import lies where the contract says', () => {
  const raw = libraryKeyOf('raw', importId);
  const enriched = libraryKeyOf('enriched', importId);
  expect(printLibraryKey(raw)).toBe(`raw/steam-library-${importId}.csv`);
  expect(printLibraryKey(enriched)).toBe(`enriched/steam-library-${importId}-enriched.csv`);
  expect(rejectsKey(raw)).toBe(`rejects/steam-library-${importId}.csv`);
  expect(rejectsKey(enriched)).toBe(`rejects/steam-library-${importId}-enriched.csv`);
  expect(rejectsKey(overridesKey)).toBe('rejects/apps.csv');
  expect(statusKey(importId, 'request')).toBe(`status/${importId}/request.json`);
  expect(checkpointKey(importId, 0)).toBe(`state/checkpoints/${importId}.jsonl`);
});

test('a key tells its kind, its person and its moment', () => {
  expect(parseLibraryKey(`enriched/steam-library-${importId}-enriched.csv`)).toEqual({
    kind: 'enriched',
    importId,
    steamId: '76561197960287930',
    importedAt: Date.UTC(2026, 10, 23, 4, 30, 0, 123),
  });
});

test.each([
  importId,
  '76561197960287930-2025-01-31',
  '76561197960287930-2025-01-31T10:15:20Z',
  '76561197960287930-enriched',
])('the keys of %s lead back to it', (id) => {
  for (const kind of ['raw', 'enriched'] as const)
    expect(parseLibraryKey(printLibraryKey(libraryKeyOf(kind, id)))).toMatchObject({ kind, importId: id });
});

test.each([
  ['raw', 'raw/library.csv'],
  ['raw', 'raw/steam-library-gabe-2025-01-31.csv'],
  ['raw', 'raw/steam-library-103582791429521412-20250131.csv'],
  ['raw', 'raw/steam-library-76561197960287930.csv'],
  ['raw', 'raw/old/steam-library-76561197960287930-20250131.csv'],
  ['raw', 'raw/steam-library-76561197960287930-2025/01/31.csv'],
  ['enriched', 'enriched/steam-library-76561197960287930-20250131.csv'],
  ['enriched', 'elsewhere/steam-library-76561197960287930-20250131.csv'],
] as const)('a key of %s that names no library is refused: %s', async (kind, key) => {
  expect(await failureOf(() => parseLibraryKey(key))).toMatchObject({
    code: 'KEY_INVALID',
    retryable: false,
    message: expect.stringContaining(`${kind}/steam-library-<SteamID64>-<timestamp>`),
  });
});
