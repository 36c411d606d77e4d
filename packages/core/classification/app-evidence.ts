import { classifyApp, toSteamAppType } from './classify-app.ts';
import type { AppKnowledge } from '../contracts/checkpoint.ts';
import { decisionOf, type Override, type Overrides } from '../contracts/overrides.ts';
import { type Match, unmatchedReasons } from '../matching/match.ts';

/** `name` is null where Steam gave none. */
export type App = { appId: number; name: string | null };

/** What is known and decided of one app. */
export type AppEvidence = {
  override: Override | undefined;
  /** The match that the override pins. */
  pinned: Match | undefined;
  knowledge: AppKnowledge | undefined;
};

/** What is known of all apps of an invocation. */
export type Evidence = {
  of(appId: number): AppEvidence;
  /** Also that it was learnt while people had decided so. */
  learn(knowledge: Omit<AppKnowledge, 'decided'>): AppKnowledge;
  pin(appId: number, match: Match): void;
};

export function createEvidence(overrides: Overrides): Evidence {
  const known = new Map<number, AppKnowledge>();
  const pinned = new Map<number, Match>();
  return {
    of: (appId) => ({
      override: overrides.get(appId),
      pinned: pinned.get(appId),
      knowledge: known.get(appId),
    }),
    learn: (learnt) => {
      const knowledge = { ...learnt, decided: decisionOf(overrides.get(learnt.appId)) };
      known.set(knowledge.appId, knowledge);
      return knowledge;
    },
    pin: (appId, match) => pinned.set(appId, match),
  };
}

export const steamTypeOf = ({ knowledge }: AppEvidence) =>
  knowledge?.steamType == null ? undefined : toSteamAppType(knowledge.steamType);

/** What the app is before IGDB is asked. */
export const classifyBeforeMatch = (app: App, evidence: AppEvidence) =>
  classifyApp(app, {
    // A pinned game says as much as the class itself.
    override:
      evidence.override?.classification ??
      (typeof evidence.override?.igdbId === 'number' ? 'game' : undefined),
    steamType: steamTypeOf(evidence),
  });

/** Whether IGDB must still be asked for the app. */
export function needsMatch(app: App, evidence: AppEvidence): boolean {
  if (evidence.override?.igdbId === 'none') return false;
  if (typeof evidence.override?.igdbId === 'number') return evidence.pinned === undefined;
  const match = evidence.knowledge?.match ?? null;
  // Another library may have told no name.
  const isOpen =
    match === null || (match.reason === unmatchedReasons.noName && (app.name ?? '').trim() !== '');
  return isOpen && classifyBeforeMatch(app, evidence).classification === 'game';
}
