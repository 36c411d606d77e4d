import {
  classifyApp,
  type SteamAppType,
  toSteamAppType,
} from '@savepoint/core/classification/classify-app.ts';
import type { Classification } from '@savepoint/core/contracts/classification.ts';

const app = (name: string) => ({ appId: 10, name });

test('the override file has the last word', () => {
  expect(classifyApp(app('Parcel Demo'), { override: 'game', steamType: 1, igdbGameType: 1 })).toEqual({
    classification: 'game',
    classificationSource: 'override',
  });
});

test.each<[SteamAppType, Classification]>([
  [0, 'game'],
  [1, 'demo'],
  [2, 'game'],
  [3, 'video'],
  [4, 'dlc'],
  [5, 'bonus_content'],
  [6, 'tool'],
  [7, 'video'],
  [8, 'video'],
  [9, 'video'],
  [10, 'tool'],
  [11, 'soundtrack'],
  [12, 'beta'],
  [13, 'tool'],
  [14, 'video'],
])("Steam's type %i means %s", (steamType, classification) => {
  expect(classifyApp(app('Wallpaper Engine'), { steamType, igdbGameType: 1 })).toEqual({
    classification,
    classificationSource: 'steam',
  });
});

test.each([
  ['Wild Assault PlayTest', 'beta'],
  ['Call of Duty: Modern Warfare 2 - Multiplayer', 'multiplayer_component'],
  ['PlanetSide 2 - Test', 'beta'],
  ['Street Fighter™ 6 - Open Beta', 'beta'],
])('%s is no game although Steam says so', (name, classification) => {
  expect(classifyApp(app(name), { steamType: 0 })).toMatchObject({
    classification,
    classificationSource: 'name',
  });
});

test.each(['Bigscreen Beta', "StaudSoft's Synthetic World Beta", 'Multiplayer FPS Demo', 'DLC Quest'])(
  '%s is a game when Steam says so',
  (name) => {
    expect(classifyApp(app(name), { steamType: 0 })).toEqual({
      classification: 'game',
      classificationSource: 'steam',
    });
  },
);

test('a name never turns into a game what Steam says is none', () => {
  expect(classifyApp(app('Portal 2'), { steamType: 13 }).classification).toBe('tool');
});

describe('without an answer of the store', () => {
  test.each([0, 4, 8, 9, 10])("IGDB's game_type %i confirms a game", (igdbGameType) => {
    expect(classifyApp(app('Portal 2'), { igdbGameType })).toEqual({
      classification: 'game',
      classificationSource: 'igdb',
    });
  });

  test.each([1, 2, 3, 5, 6, 7, 11, 12, 13, 14, null, undefined, 99])(
    'game_type %p settles nothing, not even where it is an add-on, because nobody owns those in their library',
    (igdbGameType) => {
      expect(classifyApp(app('Portal 2'), { igdbGameType })).toEqual({
        classification: 'game',
        classificationSource: 'name',
      });
      expect(classifyApp(app('Portal 2 - Soundtrack'), { igdbGameType }).classification).toBe('soundtrack');
    },
  );

  test('a demo stays one although IGDB gives its uid to the game', () => {
    expect(classifyApp(app('Parcel Demo'), { igdbGameType: 0 })).toEqual({
      classification: 'demo',
      classificationSource: 'name',
      rule: 'demo',
    });
  });

  test('a name that says nothing is a game', () => {
    expect(classifyApp(app('Portal 2'))).toEqual({ classification: 'game', classificationSource: 'name' });
  });
});

test('a type that Steam adds one day is unknown', () => {
  expect(toSteamAppType(14)).toBe(14);
  expect(toSteamAppType(15)).toBeUndefined();
  expect(toSteamAppType(-1)).toBeUndefined();
  expect(toSteamAppType(Number.NaN)).toBeUndefined();
});
