/** What an app is. Everything but `game` is stored and left out of matching. */
export const classifications = [
  'game',
  'dlc',
  'soundtrack',
  'demo',
  'tool',
  'multiplayer_component',
  'video',
  'bonus_content',
  'beta',
] as const;
export type Classification = (typeof classifications)[number];

/** `IGNORED` = not a game; `PENDING` = not looked up. */
export const matchStatuses = ['MATCHED', 'UNMATCHED', 'IGNORED', 'PENDING'] as const;
export type MatchStatus = (typeof matchStatuses)[number];
