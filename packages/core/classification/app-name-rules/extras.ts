import { atEnd, atEndOrInBrackets } from './markers.ts';
import type { AppNameRule } from './rule.ts';

/** What is sold or given beside a game: music, add-ons, books, trailers. */
export const extraRules: readonly AppNameRule[] = [
  {
    id: 'soundtrack',
    classification: 'soundtrack',
    pattern: atEndOrInBrackets(
      'sound ?tracks?(?: ?\\+| (?:vol(?:ume|\\.)? ?)?\\d+)?',
      'サウンドトラック',
      'サントラ',
      '(?:音乐|音樂|游戏|遊戲)?原[声聲](?:带|帶|音乐|音樂|集)?',
      'саундтрек',
      '사운드트랙',
    ),
    reason: 'Music sold beside a game.',
    examples: ['Braid Soundtrack', 'Operation Valor Soundtrack Vol. 2', 'День - Саундтрек', '《游戏》原声带'],
    counterExamples: ['Soundtrack'],
  },
  {
    id: 'ost',
    classification: 'soundtrack',
    pattern: /\S[ :([-]{1,4}OST(?: Vol\.? ?\d+)?[)\]]?$/u,
    reason: 'Original soundtrack, in capitals.',
    examples: ["Tiny Man's Revenge OST", 'Draw (OST)', 'Fuga: Melodies of Steel OST Vol. 2'],
    counterExamples: ['The Lost', 'Lonesome Ghost'],
  },
  {
    id: 'dlc',
    classification: 'dlc',
    pattern: /^(?!.* \+ ).*\S[ :-]+(?:\(DLC\)|\[DLC\]|DLC(?: Pack)?(?: \d+)?)$/iu,
    reason: 'An add-on that says so; with a plus, it is a game sold together with its add-on.',
    examples: [
      'F.E.A.R. 2: Reborn (DLC)',
      'Defense Grid: The Awakening - You Monster DLC',
      'Character DLC 3',
    ],
    counterExamples: ['DLC Quest', 'KINGDOM HEARTS III + Re Mind (DLC)', 'DLC'],
  },
  {
    id: 'add-on-pack',
    classification: 'dlc',
    pattern: atEnd(
      '(?:season|expansion) pass',
      "(?:expansion|skins?|costumes?|cosmetics?|upgrade|supporter|founder's|weapons?|map|art|music|bgm|tileset|content) pack(?: \\d+)?",
      '(?:adult|18\\+) (?:patch|dlc)',
    ),
    reason: 'What is added to a game: passes and packs of skins, maps or music.',
    examples: [
      'Teardown: Season Pass',
      'Deathbound - Legacies of Zeminal Skin Pack',
      'Fairy Biography5 - adult patch',
    ],
    counterExamples: ['The Jackbox Party Pack 3', 'Carmageddon Max Pack', 'Red Baron Pack', 'Expansion'],
  },
  {
    id: 'bonus-content',
    classification: 'bonus_content',
    pattern: atEndOrInBrackets(
      '(?:digital |official |mini )*art ?-?book(?: 18\\+?)?',
      '(?:digital )?wallpapers',
      '(?:bonus|extra) content',
      'アートブック',
      '设定集',
      '画集',
    ),
    reason: 'Books, pictures and extras to look at.',
    examples: [
      'Indiana Jones and the Great Circle - Digital Artbook',
      'METAL GEAR SOLID: MASTER COLLECTION Vol.1 BONUS CONTENT',
      'Essential Power - Wallpapers',
    ],
    counterExamples: ['Wallpaper Alive', 'Artbook'],
  },
  {
    id: 'trailer',
    classification: 'video',
    pattern:
      /\S(?::| -) (?:official |launch |announcement |gameplay )*(?:trailer|teaser|behind the scenes)$/iu,
    reason: 'A film about a game. Other videos bear names like games: only Steam knows them.',
    examples: ['Dice Player One: Trailer'],
    counterExamples: [
      'Trailer Park Boys: Greasy Money',
      'VR INTERACTIVE TRAILER: Runes',
      'She Sees Red - Interactive Movie',
    ],
  },
];
