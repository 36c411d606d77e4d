import fc from 'fast-check';
import { readableName } from '@savepoint/core/classification/app-name-rules/markers.ts';
import { appNameRules, findAppNameRule } from '@savepoint/core/classification/app-name-rules.ts';

describe.each(appNameRules.map((rule) => ({ rule, id: rule.id })))('rule $id', ({ rule }) => {
  test('decides its examples', () => {
    expect(rule.examples.length).toBeGreaterThan(0);
    for (const name of rule.examples) expect([name, findAppNameRule(name)?.id]).toEqual([name, rule.id]);
  });

  test('leaves its counter-examples to be games', () => {
    for (const name of [...(rule.counterExamples ?? []), ...(rule.exceptions ?? [])])
      expect([name, findAppNameRule(name)?.id]).toEqual([name, undefined]);
  });

  test('needs its exceptions', () => {
    for (const name of rule.exceptions ?? []) expect(rule.pattern.test(readableName(name))).toBe(true);
  });
});

test('rule ids are unique', () => {
  expect(new Set(appNameRules.map(({ id }) => id)).size).toBe(appNameRules.length);
});

/** Titles of games that a careless pattern takes for something else. */
test.each([
  'The Turing Test',
  'The Test',
  'The Test: Hypothesis Rising',
  'The Watson-Scott Test',
  'Rekt: Crash Test',
  'PROJECT 13 Perception Test',
  'Test Drive: Ferrari Racing Legends',
  'Bigscreen Beta',
  'Alpha & Beta',
  'CUCKOLD SIMULATOR: Life as a Beta Male Cuck',
  'Joint War - [BETA]',
  'DLC Quest',
  'KINGDOM HEARTS III + Re Mind (DLC)',
  'Legion TD 2 - Multiplayer Tower Defense',
  'Business Tour - Board Game with Online Multiplayer',
  'Hero Zero - Multiplayer RPG',
  'Puzzle Together Multiplayer Jigsaw Puzzles',
  'Dragon Simulator Multiplayer',
  'CRASH TEST IDIOTS 2 (MULTIPLAYER)',
  'Mass Effect™ 3 N7 Digital Deluxe Edition (2012)',
  'Mass Effect 3 N7 Digital Deluxe Edition',
  'Munchkin Digital',
  'Hello Neighbor Alpha 1',
  'Hello Neighbor Pre-Alpha',
  'Breeders of the Nephelym: Alpha',
  'Zumbi Blocks 2 Open Alpha',
  'Environmental Station Alpha',
  'The Riftbreaker: Prologue',
  'Supermarket Simulator: Prologue',
  'The Jackbox Party Pack 3',
  'Romance of the Three Kingdoms XI with Power Up Kit',
  'RollerCoaster Tycoon® 2: Triple Thrill Pack',
  'Tower Hunter: Erza’s Trial',
  'Trailer Park Boys: Greasy Money',
  'The LEGO® NINJAGO® Movie Video Game',
  'She Sees Red - Interactive Movie',
  'Angry Video Game Nerd Adventures',
  'Wallpaper Alive',
  'Tools Up!',
  'Hidden Object - Tools',
  'Empires Mod',
  'Server is Down',
  'Squirrel Launcher',
  'DPET : Desktop Pet Engine',
  'I wanna be the Creator',
  'Fidget Spinner Editor',
  'Golem Creation Kit',
  'Touhou: Lost Branch of Legend',
  'Expansion',
  'Demonheart: The Cursed Trial',
  'Bomb Demolition Squad',
  'Public Defense Corp',
  'Operation: Tango - Friend Pass',
  'Multiplayer',
  '测试',
  '???',
  '',
])('%j stays a game', (name) => {
  expect(findAppNameRule(name)?.id).toBeUndefined();
});

test.each([
  ['Call of Duty: Modern Warfare 2 - Multiplayer', 'multiplayer_component'],
  ['Call of Duty®: Ghosts – Multiplayer', 'multiplayer_component'],
  ['Call of Duty: Black Ops II - Zombies', 'multiplayer_component'],
  ['Virtual Pool 4 Multiplayer', 'multiplayer_component'],
  ['Hunt: Showdown 1896 (Test Server)', 'beta'],
  ['九劫曲:诅咒之地 NineTrials Test Server', 'beta'],
  ['真探2 Playtest', 'beta'],
  ['THE BIG FLUE PLAYTEST', 'beta'],
  ['MIGHT’N MOW’EM | Multiplayer Test', 'beta'],
  ['Tavern Keeper 🍻 Private Test', 'beta'],
  ['The First Descendant Final Technical Test', 'beta'],
  ['Worlds of Aria - Beta version', 'beta'],
  ['OBS Studio Beta', 'beta'],
  ['F.E.A.R. 2: Reborn (DLC)', 'dlc'],
  ['Furry Reich 🐺 - Exclusive 18+ DLC', 'dlc'],
  ['Guilty Gear -Strive- Season Pass', 'dlc'],
  ['Tokyo Neural Groove [DEMO]', 'demo'],
  ['大富翁（DEMO）', 'demo'],
  ['【DEMO】大富翁', 'demo'],
  ['… [Demo]', 'demo'],
  ['（DEMO）', 'demo'],
  ['幻想小镇Demo', 'demo'],
  ['Resident Evil 2 "R.P.D. Demo"', 'demo'],
  ['Index: Purger Demo [v1.0]', 'demo'],
  ['Watch Out For Goblins! The Demo!', 'demo'],
  ['Back To The Dark: Demo 2.1', 'demo'],
  ['Winning Post 10 体験版', 'demo'],
  ['沈める楽園 （体験版）', 'demo'],
  ['刺激大富翁-免费试玩', 'demo'],
  ['怦然心动的她们 试用版', 'demo'],
  ['Тризна Демо', 'demo'],
  ['フィズとにじいろの星 オリジナルサウンドトラック', 'soundtrack'],
  ['《古龙风云录》游戏原声带', 'soundtrack'],
  ['Summer Clover -Soundtrack-', 'soundtrack'],
  ['DOOM Eternal OST', 'soundtrack'],
  ['Conan Exiles - Public Beta Dedicated Server', 'tool'],
  ['Soulmask Dedicated Server For Linux', 'tool'],
  ['SFIW:DedicatedServer', 'tool'],
  ['dedicated servers', 'tool'],
  ['DUCKSIDE Server', 'tool'],
  ['PERIMETER: Legate Edition Modding Tools', 'tool'],
  ['YM 2D Map Editor', 'tool'],
  ['Deathless. Tales of Old Rus Artbook', 'bonus_content'],
  ['咸鱼喵喵 设定集', 'bonus_content'],
  ['Dice Player One: Trailer', 'video'],
])('%j is no game: %s', (name, classification) => {
  expect(findAppNameRule(name)?.classification).toBe(classification);
});

test('any name is judged, quickly, and a Steam suffix always shows', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (name) => {
      findAppNameRule(name);
      expect(findAppNameRule(`Some ${name} Playtest`)?.classification).toBe('beta');
    }),
  );
});
