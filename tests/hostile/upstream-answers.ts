import fc from 'fast-check';
import { areExternalGamesOf, areGames, areGamesOf } from '@savepoint/adapters/igdb/answers.ts';
import { readGame, readGameReferences } from '@savepoint/adapters/igdb/game-rows.ts';
import { readOwnedGames } from '@savepoint/adapters/steam/owned-games.ts';
import { rawColumns, writeRawLibrary } from '@savepoint/core/contracts/raw-library.ts';
import { anyJson, type InputClass } from './input-class.ts';

const names = [
  ...rawColumns.map(({ name }) => name),
  'id',
  'uid',
  'game',
  'slug',
  'first_release_date',
  'cover',
  'genres',
  'platforms',
  'alternative_names',
  '__proto__',
];
const row = fc.oneof(
  anyJson,
  fc.dictionary(
    fc.constantFrom(...names),
    fc.oneof(anyJson, fc.integer(), fc.double(), fc.constantFrom('220', -1, 1e300, null)),
  ),
);

/** Between two good rows, which stay. */
function check(odd: unknown): void {
  const { rows } = readOwnedGames([
    { appid: 1_000_001, name: 'Before' },
    odd,
    { appid: 1_000_002, name: 'Behind' },
  ]);
  const ids = rows.map(({ appId }) => appId);
  if (!ids.includes(1_000_001) || !ids.includes(1_000_002))
    throw new Error(`neighbours are lost: ${ids.join()}`);
  if (ids.some((id) => !Number.isInteger(id) || id < 1 || id > 2_147_483_647))
    throw new Error(`apps are ${ids.join()}`);
  writeRawLibrary(rows);
  const game = readGame(odd);
  if (game && !(Number.isInteger(game.igdbId) && game.name !== ''))
    throw new Error(`a game is ${JSON.stringify(game)}`);
  const good = { id: 1, uid: '220', game: { id: 7, name: 'Good' } };
  const found = readGameReferences([good, odd, good], 'uid').filter(({ text }) => text === '220');
  if (found.length < 2) throw new Error('neighbours are lost');
  for (const isAnswer of [areGames, areGamesOf([1]), areExternalGamesOf(['220'])]) isAnswer([odd]);
  if (({} as { polluted?: unknown }).polluted !== undefined) throw new Error('a prototype was changed');
}

export const upstreamAnswers: InputClass = {
  name: 'answers of Steam and IGDB',
  named: [
    ['nothing', null],
    ['a list in the place of a row', [[1]]],
    ['a text in the place of a row', 'appid'],
    ['an app of text', { appid: '220; drop' }],
    ['an app below nought', { appid: -1, playtime_forever: 5 }],
    ['an app beyond the database', { appid: 4_294_967_296 }],
    ['minutes below nought', { appid: 1, playtime_forever: -5 }],
    ['a date beyond time', { id: 1, name: 'x', first_release_date: 1e18 }],
    ['a name that is no text', { id: 1, name: { toString: 'x' } }],
    ['a name of a million characters', { appid: 1, name: 'x'.repeat(1_000_000) }],
    ['a name that clears the screen', { appid: 1, name: '\u001b[2J\u202e' }],
    ['half a character', { appid: 1, name: '\ud800' }],
    ['zero bytes', { appid: 1, name: 'a\0b' }],
    ['a prototype', JSON.parse('{"appid":1,"__proto__":{"polluted":1}}')],
    [
      'ten thousand genres',
      { id: 1, name: 'x', genres: Array.from({ length: 10_000 }, (_, id) => ({ id, name: 'g|:' })) },
    ],
    ['genres that are no list', { id: 1, name: 'x', genres: { 0: { id: 1 } } }],
  ],
  generated: row,
  check,
};
