import fc from 'fast-check';
import { normaliseTitle, titleKey } from '@savepoint/core/matching/normalise-title.ts';

test.each([
  ['Call of Duty®: Modern Warfare® III', 'call of duty modern warfare 3'],
  ['Witcher, The', 'the witcher'],
  ['Pokémon Über Café', 'pokemon uber cafe'],
  ['Rabbit & Steel', 'rabbit and steel'],
  ['Assassin’s Creed® Chronicles: China', 'assassins creed chronicles china'],
  ['Seek Girl:Fog Ⅰ', 'seek girl fog 1'],
  ['V Rising', 'v rising'],
  ['Sid Meier’s Civilization® V', 'sid meiers civilization 5'],
  ['I Am Bread', 'i am bread'],
  ['And I Made It', 'and i made it'],
  ['Mega Man X', 'mega man x'],
  ['PAC-MAN MUSEUM+', 'pac man museum plus'],
  ['HIS (Heroes In the Sky)', 'his heroes in the sky'],
  ['Yggdrasil Øst', 'yggdrasil ost'],
  ['ダンジョン人狼', 'ダンジョン人狼'],
  ['ＦＵＬＬ　ＷＩＤＴＨ', 'full width'],
  ['???', '???'],
])('%s becomes %s', (title, normal) => {
  expect(normaliseTitle(title)).toBe(normal);
});

test.each([
  ['Graviteam Tactics: Mius Front', 'Graviteam Tactics: Mius-Front'],
  ['Honey Select 2: Libido DX', 'HoneySelect2Libido DX'],
  ['Dark Messiah of Might and Magic', 'Dark Messiah of Might & Magic'],
  ['Sniper Elite III', 'Sniper Elite 3'],
  ['The Witness', 'Witness, The'],
])('%s and %s are one title', (a, b) => {
  expect(titleKey(a)).toBe(titleKey(b));
});

test.each([
  ['Lab Rat', 'Labrat'],
  ['F1 24', 'F 124'],
  ['Mega Man X', 'Mega Man 10'],
  ['PAC-MAN MUSEUM', 'PAC-MAN MUSEUM+'],
  ['Only Up', 'Only Up 2'],
  ['Metro 2033', 'Metro 2033 Redux'],
  ['???', '!!!'],
])('%s and %s are two titles', (a, b) => {
  expect(titleKey(a)).not.toBe(titleKey(b));
});

test('normalising twice changes nothing more, and case and trade marks never matter', () => {
  const word = fc.string({
    unit: fc.constantFrom(...'abcXYZ0129éßдй漢が- :&™®'),
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(word, (title) => {
      const once = normaliseTitle(title);
      fc.pre(/[\p{L}\p{N}]/u.test(title));
      expect(normaliseTitle(once)).toBe(once);
      expect(normaliseTitle(`${title.toUpperCase()}™`)).toBe(normaliseTitle(title.toUpperCase()));
      expect(normaliseTitle(title.replaceAll('ß', 'ss').toUpperCase())).toBe(once);
    }),
  );
});
