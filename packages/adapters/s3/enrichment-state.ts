import { checkpointKey, overridesKey } from '@savepoint/core/contracts/object-key.ts';
import type { OverridesReader } from '@savepoint/core/enrichment/load-overrides.ts';
import type { Checkpoints } from '@savepoint/core/enrichment/look-up-portions.ts';

import { objectLimits } from '../limits.ts';
import type { TokenStore } from '../igdb/token-store.ts';
import type { Bucket } from './bucket.ts';
import { createIgdbTokenStore } from './igdb-token.ts';

/** What enrichment keeps between attempts and instances, and what people decided for it. */
export type EnrichmentState = Checkpoints & OverridesReader & { igdbToken: TokenStore };

/** Older ones are left alone: IGDB may have changed since. */
const checkpointLifeMs = 24 * 60 * 60 * 1000;

export function createEnrichmentState(bucket: Bucket): EnrichmentState {
  return {
    openOverrides: async () => (await bucket.open(overridesKey, objectLimits.text))?.body ?? null,
    async openCheckpoint(importId, portion) {
      const checkpoint = await bucket.open(checkpointKey(importId, portion));
      if (checkpoint === null) return null;
      const isFresh = Date.now() - checkpoint.writtenAt.getTime() < checkpointLifeMs;
      if (isFresh && checkpoint.sizeBytes <= objectLimits.checkpoint) return checkpoint.body;
      checkpoint.discard();
      return null;
    },
    saveCheckpoint: (importId, portion, lines) =>
      bucket.put(checkpointKey(importId, portion), lines, 'application/jsonl'),
    dropCheckpoint: (importId, portion) => bucket.delete(checkpointKey(importId, portion)),
    igdbToken: createIgdbTokenStore(bucket),
  };
}
