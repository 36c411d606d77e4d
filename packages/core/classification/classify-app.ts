import { findAppNameRule } from './app-name-rules.ts';
import type { Classification } from '../contracts/classification.ts';
import { isMainType } from '../matching/igdb-game-type.ts';

/**
 * Steam's `type` of a store item, and the class it means here. An app that Steam calls advertising is a film or
 * banner to look at; hardware is no game and comes with software at best; a mod is a game that people play.
 */
const classificationsOfSteamTypes = {
  0: 'game',
  1: 'demo',
  2: 'game', // mod
  3: 'video', // movie
  4: 'dlc',
  5: 'bonus_content', // guide
  6: 'tool', // software
  7: 'video',
  8: 'video', // series
  9: 'video', // episode
  10: 'tool', // hardware
  11: 'soundtrack', // music
  12: 'beta',
  13: 'tool',
  14: 'video', // advertising
} as const satisfies Record<number, Classification>;

/** 0 game … 14 advertising, from `IStoreBrowseService/GetItems`. */
export type SteamAppType = keyof typeof classificationsOfSteamTypes;

/** Undefined for a number that Steam has added since: the app then counts as unknown to its store. */
export const toSteamAppType = (type: number): SteamAppType | undefined =>
  type in classificationsOfSteamTypes ? (type as SteamAppType) : undefined;

export type ClassificationEvidence = {
  /** From the override file. */
  override?: Classification | undefined;
  /** Undefined where the store did not answer or its item cannot be trusted. */
  steamType?: SteamAppType | undefined;
  /** Of the IGDB game that carries the app's uid. A match by name proves nothing here: leave it out. */
  igdbGameType?: number | null | undefined;
};

export type ClassificationSource = 'override' | 'steam' | 'igdb' | 'name';

export type AppClassification = {
  classification: Classification;
  classificationSource: ClassificationSource;
  /** The id of the name rule that decided. */
  rule?: string;
};

/**
 * What an app is: the override file's word, else Steam's, else the name's. Steam's "game" alone gives way to the name
 * rules that say so (playtests, multiplayer parts). IGDB can only confirm a game that no name rule takes, because it
 * gives the uid of a demo or playtest to the game itself; and it calls some real games add-ons, packs or updates, which
 * settles nothing, since Steam's library never lists DLC. What nothing speaks against is a game.
 */
export function classifyApp(
  app: { appId: number; name: string | null },
  evidence: ClassificationEvidence = {},
): AppClassification {
  const { override, steamType, igdbGameType = null } = evidence;
  if (override !== undefined) return { classification: override, classificationSource: 'override' };

  if (steamType !== undefined) {
    const classification = classificationsOfSteamTypes[steamType];
    const rule = classification === 'game' ? findAppNameRule(app.name ?? '') : undefined;
    if (rule?.overrulesSteam) return byName(rule);
    return { classification, classificationSource: 'steam' };
  }

  const rule = findAppNameRule(app.name ?? '');
  if (rule !== undefined) return byName(rule);
  return {
    classification: 'game',
    classificationSource: isMainType(igdbGameType) ? 'igdb' : 'name',
  };
}

const byName = (rule: { id: string; classification: Classification }): AppClassification => ({
  classification: rule.classification,
  classificationSource: 'name',
  rule: rule.id,
});
