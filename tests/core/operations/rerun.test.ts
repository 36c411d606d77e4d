import { importIdOf } from '../../support/ids.ts';
import { parseObjectCreated } from '@savepoint/core/contracts/object-created.ts';
import { libraryKeyOf, printLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import { freshnessOfRun } from '@savepoint/core/contracts/fresh-run.ts';
import { rerun, type RerunOptions } from '@savepoint/core/operations/rerun.ts';

const importId = importIdOf('76561197960287930-20261123T043000123Z');

async function rerunWith(stored: string[], named: string, options: RerunOptions = {}) {
  const sent: { stage: string; body: string }[] = [];
  const reopened: string[] = [];
  const answer = await rerun(named, options, {
    bucketName: 'library',
    index: { reopen: async (importIds) => void reopened.push(...importIds) },
    hasObject: async (key) => stored.includes(key),
    send: async (stage, body) => void sent.push({ stage, body }),
    now: () => new Date('2026-11-23T05:00:00Z'),
  });
  return { answer, sent, reopened };
}

const rawKey = (id: string) => printLibraryKey(libraryKeyOf('raw', id));
const enrichedKey = (id: string) => printLibraryKey(libraryKeyOf('enriched', id));
const both = [rawKey(importId), enrichedKey(importId)];

test('an import runs again from its raw file', async () => {
  const { answer, sent, reopened } = await rerunWith(both, importId);
  expect(reopened).toEqual([importId]);
  expect(answer).toEqual({ import_id: importId, stage: 'igdb-enrichment', s3_key: rawKey(importId) });
  expect(sent.map(({ stage }) => stage)).toEqual(['igdb-enrichment']);
  expect(parseObjectCreated(JSON.parse(sent[0]!.body))).toEqual({
    key: rawKey(importId),
    sequencer: 'rerun-2026-11-23T05:00:00.000Z',
  });
});

test('a fresh run says since when something must have been learnt, through retries and dead letters alike', async () => {
  const since = Date.parse('2026-11-23T05:00:00Z') / 1000;
  const runs = [
    { options: { fresh: true }, of: 'all' },
    { options: { only: 'unmatched' }, of: 'unmatched' },
    { options: { only: 'unmatched', fresh: true }, of: 'unmatched' },
  ] as const;
  for (const { options, of } of runs) {
    const { answer, sent } = await rerunWith(both, importId, options);
    expect(answer.stage).toBe('igdb-enrichment');
    const { sequencer } = parseObjectCreated(JSON.parse(sent[0]!.body))!;
    expect(freshnessOfRun(sequencer!)).toEqual({ of, since });
    await expect(rerunWith(both, importId, { ...options, from: 'enriched' })).rejects.toMatchObject({
      code: 'FRESH_NEEDS_RAW',
    });
  }
  for (const run of ['rerun-2026-11-23T05:00:00.000Z', '0055AED6DCD90281E5', 'rerun-fresh-nonsense'])
    expect(freshnessOfRun(run)).toBeUndefined();
});

test.each([
  ['--from enriched', both, importId, 'enriched', enrichedKey(importId)],
  ['no raw file is left', [enrichedKey(importId)], importId, undefined, enrichedKey(importId)],
  ['the enriched file is named', both, enrichedKey(importId), undefined, enrichedKey(importId)],
  ['the enriched file is named and --from raw', both, enrichedKey(importId), 'raw', rawKey(importId)],
] as const)('which file: %s', async (_name, stored, named, from, key) => {
  expect((await rerunWith([...stored], named, { from })).answer.s3_key).toBe(key);
});

test.each([
  ['an import without files', [], importId, undefined, 'OBJECT_NOT_FOUND'],
  ['a file that is gone', [rawKey(importId)], importId, 'enriched', 'OBJECT_NOT_FOUND'],
  ['no import id', both, 'nonsense', undefined, 'IMPORT_ID_INVALID'],
  ['a key of nobody', both, 'raw/library.csv', undefined, 'KEY_INVALID'],
] as const)('refuses %s', async (_name, stored, named, from, code) => {
  await expect(rerunWith([...stored], named, { from })).rejects.toMatchObject({ code });
});

test('keys travel as S3 encodes them', async () => {
  const odd = '76561197960287930-2026-11-23T04:30';
  const { sent } = await rerunWith([rawKey(odd)], odd);
  expect(sent[0]!.body).toContain('04%3A30');
  expect(parseObjectCreated(JSON.parse(sent[0]!.body))!.key).toBe(rawKey(odd));
});
