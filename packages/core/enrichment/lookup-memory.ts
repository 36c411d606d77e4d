import type { AppKnowledge } from '../contracts/checkpoint.ts';

/** What a warm instance remembers of apps that it looked up: bounded, and expiring because IGDB corrects itself. */
export type LookupMemory = {
  recall(appId: number): AppKnowledge | undefined;
  remember(knowledge: AppKnowledge): void;
};

export type LookupMemoryOptions = {
  maxApps: number;
  /** A found match, or an app that needs none. */
  hitSeconds: number;
  /** An app that IGDB did not know: it may be added any day. */
  missSeconds: number;
  /** An app for which Steam's store or IGDB failed: it must be asked again soon. */
  weakSeconds: number;
  /** Milliseconds. */
  now(): number;
};

export const defaultMemory = {
  maxApps: 5000,
  hitSeconds: 3 * 24 * 3600,
  missSeconds: 6 * 3600,
  weakSeconds: 10 * 60,
};

/**
 * Forgets the app that was not asked for longest when it is full.
 * Why no library does it: docs/decisions/0012-lookup-memory-by-hand.md.
 */
export function createLookupMemory({
  maxApps,
  hitSeconds,
  missSeconds,
  weakSeconds,
  now,
}: LookupMemoryOptions): LookupMemory {
  const secondsOf = ({ storeAnswered, match, steamType }: AppKnowledge): number => {
    if (!storeAnswered || match?.status === 'PENDING') return weakSeconds;
    return match?.status === 'UNMATCHED' || (match === null && steamType === null) ? missSeconds : hitSeconds;
  };
  const entries = new Map<number, { knowledge: AppKnowledge; expiresAt: number }>();
  return {
    recall(appId) {
      const entry = entries.get(appId);
      if (!entry) return undefined;
      entries.delete(appId);
      if (entry.expiresAt <= now()) return undefined;
      entries.set(appId, entry);
      return entry.knowledge;
    },
    remember(knowledge) {
      entries.delete(knowledge.appId);
      entries.set(knowledge.appId, { knowledge, expiresAt: now() + secondsOf(knowledge) * 1000 });
      if (entries.size > maxApps) entries.delete(entries.keys().next().value!);
    },
  };
}
