import type { Chance } from './chance.ts';
import type { World } from './world.ts';

/** What a fault is about. */
export const areas = [
  'delivery',
  'worker',
  'postgres',
  'storage',
  'queues',
  'steam',
  'igdb',
  'recovery',
] as const;

export type NamedFault = {
  name: string;
  area: (typeof areas)[number];
  /** Begins it; what is returned ends it. What stands on the links is taken away by itself. */
  begin(world: World, chance: Chance): Promise<End> | End;
  /** How long it lasts. Default: 3. */
  seconds?: number;
  /** The stack needs a process of its own. */
  inProcess?: boolean;
  /** Lasts until everything that was asked for was given up. */
  untilGivenUp?: boolean;
  /** The libraries were imported before, and what was told then must stand whatever is left out now. */
  knownBefore?: boolean;
  /** Dead letters that nobody can redrive, because nothing stands behind them. */
  poison?: number;
};
export type End = (() => Promise<void> | void) | undefined | void;
