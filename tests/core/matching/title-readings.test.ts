import fc from 'fast-check';
import { readTitles } from '@savepoint/core/matching/title-readings.ts';
import { searchTitle, spellTitle } from '@savepoint/core/matching/title-spellings.ts';

const titlesOf = (name: string) => readTitles(name).map(({ kind, title }) => `${kind}: ${title}`);

test.each([
  ['Portal 2', []],
  ['Resident Evil 4 (2005)', ['year: Resident Evil 4']],
  ['STAR WARS™ Battlefront II (Classic, 2005)', ['year: STAR WARS Battlefront II']],
  ['鬼谷八荒 Tale of Immortal', ['translation: Tale of Immortal']],
  ['古剑奇谭二(GuJian2)', ['translation: GuJian2']],
  ['九州：商旅（Nine Provinces: Caravan）', ['translation: Nine Provinces: Caravan']],
  ['球球少女/Pinball Girls', ['translation: Pinball Girls']],
  ['Muv-Luv (マブラヴ)', ['translation: Muv-Luv']],
  ['【異常奇象】動く遺体 / Moving Corpse', ['translation: Moving Corpse']],
  ["Raiden V: Director's Cut | 雷電 V Director's Cut | 雷電V", ["translation: Raiden V: Director's Cut"]],
  ["[Chilla's Art] Night Delivery | 例外配達", ["translation: [Chilla's Art] Night Delivery"]],
  ['Guild of Dungeoneering Ultimate Edition', ['edition: Guild of Dungeoneering']],
  ['Dragon Age II: Ultimate Edition', ['edition: Dragon Age II']],
  ['Fallout 3 - Game of the Year Edition', ['edition: Fallout 3']],
  ['Old Game Gold Edition (2004)', ['year: Old Game Gold Edition', 'edition: Old Game']],
])('%s can also be read as %j', (name, others) => {
  expect(titlesOf(name).slice(1)).toEqual(others);
});

test.each([
  'Metro 2033 Redux',
  'DARK SOULS™: REMASTERED',
  'Divinity: Original Sin - Enhanced Edition',
  'The Elder Scrolls V: Skyrim Special Edition',
  'Grand Theft Auto: San Andreas – The Definitive Edition',
  'Airline Tycoon Deluxe',
  'Deluxe Edition',
  '随从大师',
  '女拳主義F-ist',
  'FINAL FANTASY 零式 HD Remaster',
  'Business Tour - Board Game with Online Multiplayer',
])('%s is read in one way', (name) => {
  expect(titlesOf(name)).toHaveLength(1);
});

test('a year goes with every reading without it', () => {
  expect(readTitles('Old Game Gold Edition (2004)').map(({ year }) => year)).toEqual([undefined, 2004, 2004]);
});

test.each([
  ['Quern - Undying Thoughts', 'Quern: Undying Thoughts'],
  ["DON'T SCREAM", "Don't Scream"],
  ['Reign Of Kings', 'Reign of Kings'],
  ['STASIS: BONE TOTEM', 'Stasis: Bone Totem'],
  ['FINAL FANTASY® XIII-2', 'Final Fantasy XIII-2'],
  ['Rabbit and Steel', 'Rabbit & Steel'],
  ['Swag & Sorcery', 'Swag and Sorcery'],
  ['Lila’s Sky Ark', "Lila's Sky Ark"],
  ['Motesolo : No Girlfriend Since Birth', 'Motesolo: No Girlfriend Since Birth'],
  ['鬼谷八荒 Tale of Immortal', 'Tale of Immortal'],
])('%s is also asked for as %s', (name, spelling) => {
  expect(spellTitle(name)).toContain(spelling);
});

test('a search uses the shortest reading', () => {
  expect(searchTitle('Fallout® 3 - Game of the Year Edition')).toBe('Fallout 3');
  expect(searchTitle('Pandemic Express - Zombie Escape')).toBe('Pandemic Express: Zombie Escape');
});

test('any name has one to four spellings, all different and none empty, unless it is blank', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      const spellings = spellTitle(name);
      expect(new Set(spellings).size).toBe(spellings.length);
      expect(spellings.length).toBeLessThanOrEqual(4);
      expect(spellings).not.toContain('');
      if (/[a-z]/i.test(name)) expect(spellings.length).toBeGreaterThan(0);
    }),
  );
});
