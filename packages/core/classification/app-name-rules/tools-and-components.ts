import { atEnd } from './markers.ts';
import type { AppNameRule } from './rule.ts';

/** What Steam lists beside a game for whoever owns it: servers, editors, separate multiplayer apps. */
export const toolAndComponentRules: readonly AppNameRule[] = [
  {
    id: 'dedicated-server',
    classification: 'tool',
    pattern: /dedicated? ?servers?|专用服务器|專用伺服器|専用サーバー|전용 ?서버|выделенный сервер/iu,
    reason: 'Server software, which Steam lists for whoever owns the game.',
    examples: ['Squad Dedicated Server', 'Homefront Dedicated Server [Japanese]', '女王 專用伺服器'],
    counterExamples: ['Server is Down'],
  },
  {
    id: 'server',
    classification: 'tool',
    pattern: /\S(?: |[a-z]{1,40}(?=S)|(?<=Game))(?:Servers?|servers?)$/u,
    reason: 'Server software that leaves out the word "dedicated".',
    examples: [
      'SCUM Server',
      'RealTennisServer',
      'Nova-Life_GameServer',
      'TOS - New Rank Booster for NA Servers',
    ],
    counterExamples: ['Server is Down', 'The Observer', 'Observer'],
  },
  {
    id: 'sdk',
    classification: 'tool',
    pattern: /\bSDK(?: Base)?(?: \d{4}| \d+)?(?: (?:Single|Multi)player)?$/u,
    reason: 'A software development kit.',
    examples: ['Source SDK', 'Alien Swarm: Reactive Drop - SDK', 'Source SDK Base 2013 Multiplayer'],
  },
  {
    id: 'editor',
    classification: 'tool',
    pattern: atEnd(
      '(?:level|map|mission|scenario|campaign|world|track|stage|database|data|mod|beatmap|chart|quest|character|terrain) editor',
      '(?:video|photo|image|voxel|sprite|pixel|animation|audio|music|manga|comic|text|script|building|vtuber) editor',
    ),
    reason: 'An editor of something: of levels, maps, videos. "Editor" alone can be a title.',
    examples: ['Rift of the NecroDancer Level Editor', 'KumaKuma Manga Editor', 'VideoPad Video Editor'],
    counterExamples: ['Fidget Spinner Editor', 'Video Editor Tycoon', 'TheVeryHardPuzzleGame&Editor'],
  },
  {
    id: 'modding-tool',
    classification: 'tool',
    pattern: atEnd(
      '(?:mod(?:ding)?|authoring|workshop|modkit|dev(?:elopment|eloper)?|map(?:ping)?) ?(?:tools?|kits?)',
      '(?<=: )creation kit',
      'workshop (?:uploader|manager)',
      'redkit',
      'benchmark(?: tool)?',
    ),
    reason: 'Tools to make mods or to measure a computer, given to owners of a game.',
    examples: [
      'Starfield: Creation Kit',
      'Sins of a Solar Empire II - Modding Tools',
      'The Witcher 3 REDkit',
      'Boundary: Benchmark',
    ],
    counterExamples: ['Golem Creation Kit', 'Hidden Object - Tools', 'Chess Tools', 'Benchmark Your Skills'],
  },
  {
    id: 'multiplayer-of-a-series',
    classification: 'multiplayer_component',
    pattern: /^(?:Call of Duty|Medal of Honor)\b.* -? ?(?:Multiplayer|Zombies)$/iu,
    reason: 'These series install their modes as apps of their own.',
    examples: [
      'Call of Duty: Modern Warfare 2 - Multiplayer',
      'Call of Duty®: Black Ops II - Zombies',
      'Medal of Honor™ Multiplayer',
    ],
    counterExamples: ['Clown Thug Cop Zombies'],
    overrulesSteam: true,
  },
  {
    id: 'multiplayer-component',
    classification: 'multiplayer_component',
    pattern: /[\p{L}\p{N}](?:(?<= .*) - Multi-?player|(?<=\d|\b[IVX]+) Multi-?player)$/iu,
    reason: 'The multiplayer part of a game that is an app of its own, after a dash or a numbered title.',
    examples: ['Battle of Europe III - Multiplayer', 'Virtual Pool 4 Multiplayer'],
    counterExamples: [
      'Legion TD 2 - Multiplayer Tower Defense',
      'Real Drift Multiplayer',
      'Asteroids: Multiplayer',
      'BYTE FYTE (MULTIPLAYER)',
    ],
    overrulesSteam: true,
  },
];
