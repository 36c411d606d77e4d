import fc from 'fast-check';
import { pickGame } from '@savepoint/core/matching/match-game.ts';
import type { IgdbGame } from '@savepoint/core/matching/igdb-game.ts';
import { unmatchedReasons } from '@savepoint/core/matching/match.ts';
import { game, windows } from '../enrichment/igdb-in-memory.ts';

const playStation = { id: 48, name: 'PlayStation 4' };

const unmatched = (reason: keyof typeof unmatchedReasons, rejectedIds: number[]) => ({
  status: 'UNMATCHED',
  reason: unmatchedReasons[reason],
  rejectedIds,
});

describe('by uid', () => {
  const pick = (name: string, ...candidates: IgdbGame[]) => pickGame({ name }, candidates, 'uid');

  test('an only game of the same name is certain', () => {
    expect(pick('Portal™ 2', game(72, 'Portal 2'))).toMatchObject({
      status: 'MATCHED',
      game: { igdbId: 72 },
      method: 'uid',
      confidence: 1,
      rejectedIds: [],
    });
  });

  test('the name goes before the type, the type before the edition, the edition before the id', () => {
    const byName = pick('Counter-Strike 2', game(9, 'Counter-Strike 2', { gameType: 13 }), game(1, 'CS:GO'));
    expect(byName).toMatchObject({ game: { igdbId: 9 }, rejectedIds: [1], confidence: 0.98 });
    const byType = pick('Doom', game(1, 'Doom', { gameType: 1 }), game(9, 'DOOM'));
    expect(byType).toMatchObject({ game: { igdbId: 9 }, rejectedIds: [1] });
    const byEdition = pick('Doom', game(1, 'Doom', { versionParentId: 9 }), game(9, 'DOOM'));
    expect(byEdition).toMatchObject({ game: { igdbId: 9 } });
    expect(pick('Doom', game(9, 'Doom'), game(1, 'DOOM'))).toMatchObject({ game: { igdbId: 1 } });
  });

  test('an edition is taken where the app bears its name', () => {
    const deluxe = game(5, 'Doom: Deluxe Edition', { versionParentId: 1 });
    expect(pick('DOOM Deluxe Edition', game(1, 'Doom'), deluxe)).toMatchObject({ game: { igdbId: 5 } });
    expect(pick('DOOM', game(1, 'Doom'), deluxe)).toMatchObject({ game: { igdbId: 1 } });
  });

  test('IGDB may call a game otherwise, and is believed with less confidence', () => {
    expect(pick('Project F4E', game(3, 'Vaultbreakers'))).toMatchObject({
      status: 'MATCHED',
      confidence: 0.9,
    });
    expect(pick('Project F4E', game(3, 'Vaultbreakers'), game(4, 'Other'))).toMatchObject({
      game: { igdbId: 3 },
      confidence: 0.6,
    });
  });

  test('an app without a name is matched, and the reason does not speak of another name', () => {
    expect(pick(' ', game(3, 'Vaultbreakers'))).toMatchObject({
      status: 'MATCHED',
      confidence: 0.9,
      reason: 'the only game of this app id; the app has no name to compare',
    });
  });

  test('an add-on of another name is not what somebody owns', () => {
    const addOn = game(8, 'Natural Selection 2 - Deluxe DLC', { gameType: 1 });
    expect(pick('Natural Selection 2', addOn)).toEqual(unmatched('addOn', [8]));
    expect(pick('Natural Selection 2 - Deluxe DLC', addOn)).toMatchObject({ status: 'MATCHED' });
  });

  test('no candidate, no match', () => {
    expect(pick('Portal 2')).toEqual(unmatched('noCandidate', []));
  });
});

describe('by name', () => {
  const pick = (name: string, ...candidates: IgdbGame[]) => pickGame({ name }, candidates, 'name');

  test('the only bearer of the name is taken, however it is written', () => {
    expect(pick('SNIPER ELITE™ III', game(2, 'Sniper Elite 3'), game(3, 'Sniper Elite'))).toMatchObject({
      game: { igdbId: 2 },
      method: 'name',
      confidence: 0.97,
      rejectedIds: [3],
    });
  });

  test('a name that only looks similar is nothing', () => {
    expect(pick('Beholder', game(1, 'Beholder 2'), game(2, 'Beholder: Complete Edition'))).toEqual(
      unmatched('noAgreement', [1, 2]),
    );
  });

  test('two games of one name are none', () => {
    expect(pick('Prey', game(1, 'Prey'), game(2, 'PREY'))).toEqual(unmatched('ambiguous', [1, 2]));
  });

  test('the platform, the type, the original and the exact spelling tell them apart', () => {
    const found = (...candidates: IgdbGame[]) => pick('Only Up!', ...candidates);
    expect(found(game(1, 'Only Up!', { platforms: [playStation] }), game(2, 'Only Up!'))).toMatchObject({
      game: { igdbId: 2 },
      confidence: 0.89,
    });
    expect(found(game(1, 'Only Up!', { gameType: 5 }), game(2, 'Only Up!'))).toMatchObject({
      game: { igdbId: 2 },
    });
    expect(found(game(1, 'Only Up!', { versionParentId: 7 }), game(2, 'Only Up!'))).toMatchObject({
      game: { igdbId: 2 },
    });
    expect(found(game(1, 'Only Up'), game(2, 'ONLY UP!'))).toMatchObject({ game: { igdbId: 2 } });
  });

  test('what never came to a PC is another game; unknown platforms are a doubt', () => {
    expect(pick('Fate', game(1, 'Fate', { platforms: [playStation] }))).toEqual(
      unmatched('otherPlatform', [1]),
    );
    expect(pick('Fate', game(1, 'Fate', { platforms: [] }))).toMatchObject({ confidence: 0.93 });
  });

  test('a year in brackets must be that of the game', () => {
    const original = game(1, 'Resident Evil 4', { releaseDate: '2005-01-11' });
    const remake = game(2, 'Resident Evil 4', { releaseDate: '2023-03-23', gameType: 8 });
    expect(pick('Resident Evil 4 (2005)', original, remake)).toMatchObject({ game: { igdbId: 1 } });
    expect(pick('resident evil 4 (2023)', original, remake)).toMatchObject({ game: { igdbId: 2 } });
    expect(pick('Resident Evil 4 (2014)', original, remake)).toEqual(unmatched('otherYear', [1, 2]));
    expect(pick('Resident Evil 4', original, remake)).toEqual(unmatched('ambiguous', [1, 2]));
  });

  test('an alternative name counts after names, and not when it is an abbreviation', () => {
    const renamed = game(1, 'Vaultbreakers', { alternativeNames: ['Project F4E'] });
    expect(pick('Project F4E', renamed)).toMatchObject({ method: 'alternative_name', confidence: 0.93 });
    expect(pick('Project F4E', renamed, game(2, 'Project F4E'))).toMatchObject({ game: { igdbId: 2 } });
    expect(pick('NMS', game(1, "No Man's Sky", { alternativeNames: ['NMS'] }))).toEqual(
      unmatched('noAgreement', [1]),
    );
    expect(pick('随从大师', game(1, 'Minion Masters', { alternativeNames: ['随从大师'] }))).toMatchObject({
      method: 'alternative_name',
    });
  });

  test('an edition is its game only where that stands by itself', () => {
    expect(pick('Magicka Ultimate Edition', game(1, 'Magicka'))).toMatchObject({ confidence: 0.85 });
    expect(pick('Magicka Ultimate Edition', game(1, 'Magicka', { gameType: 3 })).status).toBe('UNMATCHED');
    expect(pick('Magicka Remastered', game(1, 'Magicka')).status).toBe('UNMATCHED');
  });

  test('an add-on counts under a long name alone', () => {
    expect(pick('Hunger', game(1, 'Hunger', { gameType: 1 }))).toEqual(unmatched('addOn', [1]));
    expect(
      pick('Poppy Playtime - Chapter 4', game(1, 'Poppy Playtime: Chapter 4', { gameType: 1 })),
    ).toMatchObject({ status: 'MATCHED' });
  });
});

test('the same candidates in any order, and twice, give the same answer', () => {
  const candidate = fc
    .record({
      igdbId: fc.integer({ min: 1, max: 6 }),
      gameType: fc.constantFrom(0, 1, 3, 8, 14, null),
      versionParentId: fc.constantFrom(null, 99),
      platforms: fc.constantFrom([windows], [playStation], []),
      name: fc.constantFrom('Doom', 'DOOM!', 'Doom II', 'Doom: Gold Edition'),
    })
    .map(({ igdbId, name, ...more }) => game(igdbId, name, more));
  fc.assert(
    fc.property(
      fc.uniqueArray(candidate, { selector: ({ igdbId }) => igdbId }),
      fc.constantFrom('uid' as const, 'name' as const, 'search' as const),
      fc.constantFrom('Doom', 'Doom II', 'DOOM Gold Edition'),
      (candidates, method, name) => {
        const match = pickGame({ name }, candidates, method);
        expect(pickGame({ name }, [...candidates].reverse().concat(candidates), method)).toEqual(match);
        const ids = candidates.map(({ igdbId }) => igdbId).sort((a, b) => a - b);
        const taken = match.status === 'MATCHED' ? match.game.igdbId : undefined;
        expect(match.rejectedIds).toEqual(ids.filter((id) => id !== taken));
      },
    ),
  );
});
