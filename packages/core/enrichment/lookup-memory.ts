import { type AppKnowledge, parseKnowledge, printKnowledge } from '../contracts/checkpoint.ts';
import type { RememberedApp } from '../contracts/lookup-memory-file.ts';

/**
 * What is remembered of apps that were looked up, by this instance and by those before it: bounded, and expiring because
 * IGDB corrects itself. Nothing depends on it; what it lacks is asked for.
 */
export type LookupMemory = {
  /** Resolves when what others learnt is there, or is not to be had in time. Never rejects. */
  ready(): Promise<void>;
  recall(appId: number): AppKnowledge | undefined;
  remember(knowledge: AppKnowledge): void;
};

/** A memory that is kept for other instances too. */
export type KeptMemory = Omit<LookupMemory, 'ready'> & {
  /** Takes what others learnt: of an app that both know, the later answer. */
  absorb(apps: readonly RememberedApp[]): void;
  /** What is worth keeping, the apps that are asked for most. */
  worthKeeping(): RememberedApp[];
  /** What was worth keeping is kept: others know it from now on. */
  tellAll(): void;
  /** How many apps were learnt since the beginning. */
  learnt(): number;
};

export type LookupMemoryOptions = {
  maxApps: number;
  /** Of which this instance learnt so many that others do not know yet: a giant library must not fill the memory. */
  maxUntold: number;
  /** A found match, or an app that needs none. */
  hitSeconds: number;
  /** An app that IGDB did not know: it may be added any day. */
  missSeconds: number;
  /** An app for which Steam's store or IGDB failed: it must be asked again soon, and by every instance. */
  weakSeconds: number;
  /** Milliseconds. */
  now(): number;
};

export const defaultMemory = {
  maxApps: 20_000,
  maxUntold: 3000,
  hitSeconds: 3 * 24 * 3600,
  missSeconds: 6 * 3600,
  weakSeconds: 10 * 60,
};

/** Learnt together, apps would expire together, and be asked for again all at once. */
const expirySpread = 0.2;
/** What was asked for a week ago counts half. */
const halfLifeSeconds = 7 * 24 * 3600;
/** Forgetting sorts, so it is done for many at once. */
const overfill = 1.25;

type Entry = RememberedApp & {
  isWeak: boolean;
  /** Learnt here, and not among what was worth keeping yet. */
  isUntold: boolean;
  /** Since it was absorbed: what others add up themselves is not added twice. */
  askedHere: number;
};

/** Why no library does it: docs/decisions/0012-lookup-memory-by-hand.md. */
export function createLookupMemory(options: LookupMemoryOptions): KeptMemory {
  const { maxApps, maxUntold, now } = options;
  const nowSeconds = () => Math.floor(now() / 1000);
  const entries = new Map<number, Entry>();
  let learnt = 0;
  let untold = 0;
  const score = ({ asked, askedHere, askedAt }: Entry): number =>
    (asked + askedHere) * 0.5 ** ((nowSeconds() - askedAt) / halfLifeSeconds);
  const forgetAllBut = (most: number, isOne: (entry: Entry) => boolean) => {
    const some = [...entries.values()].filter(isOne);
    some.sort((a, b) => score(b) - score(a) || b.askedAt - a.askedAt);
    for (const { appId } of some.slice(most)) entries.delete(appId);
  };
  return {
    recall(appId) {
      const entry = entries.get(appId);
      if (entry === undefined) return undefined;
      if (entry.expiresAt <= nowSeconds()) {
        entries.delete(appId);
        return undefined;
      }
      entry.askedHere += 1;
      entry.askedAt = nowSeconds();
      return parseKnowledge(entry.knowledge);
    },
    remember(knowledge) {
      const { appId } = knowledge;
      const before = entries.get(appId);
      const { seconds, isWeak } = lifeOf(knowledge, options);
      entries.set(appId, {
        appId,
        learntAt: knowledge.learntAt ?? nowSeconds(),
        expiresAt: nowSeconds() + seconds,
        asked: before?.asked ?? 0,
        askedHere: Math.max(before?.askedHere ?? 0, 1),
        askedAt: nowSeconds(),
        knowledge: printKnowledge(knowledge),
        isWeak,
        isUntold: true,
      });
      if (!isWeak) learnt += 1;
      if (!before?.isUntold) untold += 1;
      if (untold > maxUntold * overfill) {
        forgetAllBut(maxUntold, ({ isUntold }) => isUntold);
        untold = maxUntold;
      }
    },
    absorb(apps) {
      for (const app of apps) {
        if (app.expiresAt <= nowSeconds()) continue;
        const own = entries.get(app.appId);
        const askedHere = own?.askedHere ?? 0;
        const askedAt = Math.max(app.askedAt, own?.askedAt ?? 0);
        const later =
          own && !own.isWeak && own.learntAt >= app.learntAt
            ? own
            : { ...app, isWeak: false, isUntold: false };
        entries.set(app.appId, { ...later, asked: app.asked, askedHere, askedAt });
      }
      forgetAllBut(maxApps, () => true);
    },
    worthKeeping() {
      forgetAllBut(maxApps, () => true);
      return [...entries.values()]
        .filter(({ isWeak, expiresAt }) => !isWeak && expiresAt > nowSeconds())
        .map(({ appId, learntAt, expiresAt, asked, askedHere, askedAt, knowledge }) => ({
          ...{ appId, learntAt, expiresAt, askedAt, knowledge },
          asked: asked + askedHere,
        }));
    },
    tellAll() {
      untold = 0;
      for (const entry of entries.values()) {
        entry.isUntold = false;
        entry.asked += entry.askedHere;
        entry.askedHere = 0;
      }
    },
    learnt: () => learnt,
  };
}

function lifeOf(
  { appId, storeAnswered, match, steamType }: AppKnowledge,
  { hitSeconds, missSeconds, weakSeconds }: LookupMemoryOptions,
): { seconds: number; isWeak: boolean } {
  if (!storeAnswered || match?.status === 'PENDING') return { seconds: weakSeconds, isWeak: true };
  const isMiss = match?.status === 'UNMATCHED' || (match === null && steamType === null);
  const share = 1 - expirySpread * spreadOf(appId);
  return { seconds: Math.floor((isMiss ? missSeconds : hitSeconds) * share), isWeak: false };
}

/** From 0 to 1, the same for an app always, and unlike its neighbours'. */
const spreadOf = (appId: number): number => (appId * 0.618_033_988_749_894_9) % 1;
