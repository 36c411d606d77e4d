import type { Match } from '@savepoint/core/matching/match.ts';
import { pickGame } from '@savepoint/core/matching/match-game.ts';
import type { IgdbGame } from '@savepoint/core/matching/igdb-game.ts';
import { namesAgree, pickNamesake } from '@savepoint/core/matching/pick-namesake.ts';
import { game } from '../enrichment/igdb-in-memory.ts';

const playStation = { id: 48, name: 'PlayStation 4' };
const inventory = game(1, 'Poker Night at the Inventory');
const byUid = (name: string, ...games: IgdbGame[]) =>
  pickGame({ name }, games, 'uid') as Match & { status: 'MATCHED' };
const pick = (...games: IgdbGame[]) =>
  pickNamesake('Poker Night 2', byUid('Poker Night 2', inventory), games);

test('the exact, only namesake wins over the uid row of another name, and the row says so', () => {
  expect(pick(game(2, 'Poker Night 2'), inventory)).toEqual({
    status: 'MATCHED',
    game: game(2, 'Poker Night 2'),
    method: 'name',
    confidence: 0.9,
    reason:
      "the app's name is that of one game; the game of this app id is called “Poker Night at the Inventory”",
    rejectedIds: [1],
  });
});

test.each<[string, IgdbGame[]]>([
  ['there is none', []],
  ['only a similar one', [game(2, 'Poker Night 3')]],
  ['there are two', [game(2, 'Poker Night 2'), game(3, 'Poker Night 2')]],
  ['it never came to a PC', [game(2, 'Poker Night 2', { platforms: [playStation] })]],
  ['it is an add-on', [game(2, 'Poker Night 2', { gameType: 1 })]],
  ['it is a bundle', [game(2, 'Poker Night 2', { gameType: 3 })]],
  ['it bears the name as an alternative', [game(2, 'Inventory 2', { alternativeNames: ['Poker Night 2'] })]],
])('the game of the uid stays where %s', (_, games) => {
  expect(pick(...games)).toMatchObject({
    game: inventory,
    method: 'uid',
    reason:
      "the only game of this app id; IGDB calls it otherwise, and no other game alone bears the app's name",
  });
});

test('names agree as they are read, without an edition, and by an alternative name', () => {
  expect(namesAgree('Portal™ 2', game(1, 'Portal 2'))).toBe(true);
  expect(namesAgree('Magicka Ultimate Edition', game(1, 'Magicka'))).toBe(true);
  expect(
    namesAgree('Mafia', game(1, 'Mafia: The City of Lost Heaven', { alternativeNames: ['Mafia'] })),
  ).toBe(true);
  expect(namesAgree('Poker Night 2', inventory)).toBe(false);
});
