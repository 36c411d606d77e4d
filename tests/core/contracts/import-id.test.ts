import fc from 'fast-check';
import * as v from 'valibot';
import { importIdOf, isImportId, parseImportId, refuseFuture } from '@savepoint/core/contracts/import-id.ts';
import { ImportRequest } from '@savepoint/core/contracts/import-request.ts';
import { newImportRequest } from '@savepoint/core/contracts/import-request.ts';
import { failureOf } from '../../support/failure.ts';
import { steamIdOf } from '../../support/ids.ts';

const steamId = steamIdOf('76561197960287930');

test('an import id names the person and the moment to the millisecond', () => {
  const importId = importIdOf(steamId, new Date('2026-11-23T04:30:00.123Z'));
  expect(importId).toBe('76561197960287930-20261123T043000123Z');
  expect(parseImportId(importId)).toEqual({
    importId,
    steamId,
    importedAt: Date.UTC(2026, 10, 23, 4, 30, 0, 123),
  });
});

test('ids of any two moments are in their order, and tell the moment', () => {
  const moment = fc.date({ min: new Date('2000-01-01'), max: new Date('2199-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(moment, moment, (a, b) => {
      const [idOfA, idOfB] = [importIdOf(steamId, a), importIdOf(steamId, b)];
      expect(parseImportId(idOfA).importedAt).toBe(a.getTime());
      expect(idOfA < idOfB).toBe(a < b);
    }),
  );
});

test.each([
  ['2025-01-31', '2025-01-31T00:00:00.000Z'],
  ['20250131', '2025-01-31T00:00:00.000Z'],
  ['20250131T1015', '2025-01-31T10:15:00.000Z'],
  ['2025-01-31T10:15:20Z', '2025-01-31T10:15:20.000Z'],
  ['2025-01-31T10-15-20', '2025-01-31T10:15:20.000Z'],
  ['20240229T000000000Z', '2024-02-29T00:00:00.000Z'],
])('a dropped file of %s counts as of %s', (timestamp, moment) => {
  expect(new Date(parseImportId(`${steamId}-${timestamp}`).importedAt).toISOString()).toBe(moment);
});

test.each(['backup', '20250230', '2025-13-01', '20250131T2460', '20250131T106000', 'T', '0001'])(
  'a dropped file of %j, which is no date, is older than every dated one',
  (timestamp) => expect(parseImportId(`${steamId}-${timestamp}`).importedAt).toBe(0),
);

test.each([
  '',
  'x',
  steamId,
  `${steamId}-`,
  `${steamId}-a b`,
  `${steamId}-../x`,
  `${steamId}-a/b`,
  `${steamId}-é`,
  `${steamId}-${'1'.repeat(65)}`,
  '76561197960265728-20250131',
  '103582791429521412-20250131',
  ` ${steamId}-1`,
  `${steamId}-1\n`,
])('%j is no import id', async (text) => {
  expect(isImportId(text)).toBe(false);
  expect(await failureOf(() => parseImportId(text))).toMatchObject({
    code: 'IMPORT_ID_INVALID',
    retryable: false,
  });
});

test('an import request is as the queue carries it, and its parts agree', () => {
  const request = newImportRequest(steamId, new Date('2026-11-23T04:30:00.123Z'));
  expect(v.parse(ImportRequest, JSON.parse(JSON.stringify(request)))).toEqual({
    steam_id: steamId,
    import_id: '76561197960287930-20261123T043000123Z',
    requested_at: '2026-11-23T04:30:00.123Z',
  });
  for (const change of [
    { steam_id: 7656 },
    { steam_id: '76561197960287931' },
    { import_id: 'x' },
    { requested_at: 'today' },
    { requested_at: undefined },
  ])
    expect(v.is(ImportRequest, { ...request, ...change })).toBe(false);
});

describe('an import of the future', () => {
  const now = new Date('2026-11-23T00:00:00Z');
  const dated = (timestamp: string) => () =>
    refuseFuture(parseImportId(`76561197960287930-${timestamp}`), now);

  test('is refused by name', () => {
    for (const timestamp of ['2062-01-01', '20261124T000000001Z'])
      expect(dated(timestamp)).toThrow(
        expect.objectContaining({
          code: 'IMPORT_IN_FUTURE',
          retryable: false,
          message: expect.stringContaining(timestamp),
        }),
      );
  });

  test('is none within a day, so that any time zone and a wrong clock will do', () => {
    for (const timestamp of ['2026-11-24', '20261124T000000000Z', 'backup'])
      expect(dated(timestamp)).not.toThrow();
  });
});
