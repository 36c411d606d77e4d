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
  /**
   * Begins it; what is returned ends it. What stands on the links is taken away by itself, and what it does to requests is
   * counted; of all else the fault says itself what it met.
   */
  begin(world: World, chance: Chance, met: Meet): Promise<End> | End;
  /** Nothing happens, so that there is nothing to meet. */
  meetsNothing?: boolean;
  /** How long it lasts. Default: 3. */
  seconds?: number;
  /** The stack needs a process of its own. */
  inProcess?: boolean;
  /** Lasts until everything that was asked for was given up. */
  untilGivenUp?: boolean;
  /** The libraries were imported before, and what was told then must stand whatever is left out now. */
  knownBefore?: boolean;
  /** Messages are gone for good, and `reconcile` has to find what they were about. */
  losesMessages?: boolean;
  /** Dead letters that nobody can redrive, because nothing stands behind them. */
  poison?: number;
};
/** Counts what a fault met: requests, connections, messages or processes. A fault that met none proves nothing. */
export type Meet = (count?: number) => void;
export type End = (() => Promise<void> | void) | undefined | void;
