import { createLookupMemory, defaultMemory } from '@savepoint/core/enrichment/lookup-memory.ts';
import { pendingKey } from '@savepoint/core/contracts/object-key.ts';
import { libraryKeyOf, printLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import type { Refusal } from '@savepoint/core/enrichment/refused-step.ts';
import { StorageError } from '@savepoint/core/errors.ts';
import type { IgdbCatalogue } from '@savepoint/core/matching/igdb-game.ts';
import { type IgdbEnrichmentPorts, igdbEnrichment } from '@savepoint/core/stages/igdb-enrichment.ts';
import { chunksOf } from './bytes.ts';

/** Ports of the enrichment over objects in memory; a second call with the same objects is the next attempt. */
export function createEnrichmentPorts(igdb: IgdbCatalogue, objects = new Map<string, string>()) {
  const open = async (key: string) => {
    const text = objects.get(key);
    return text === undefined ? null : chunksOf(text, 1000);
  };
  const checkpointKey = (importId: string, portion: number) =>
    `checkpoint ${importId}${portion === 0 ? '' : ` ${portion}`}`;
  const ports: IgdbEnrichmentPorts = {
    igdb,
    getAppTypes: async () => ({
      typeByAppId: new Map(),
      factsByAppId: new Map(),
      unansweredAppIds: new Set(),
    }),
    now: Date.now,
    memory: { ...createLookupMemory({ ...defaultMemory, now: Date.now }), ready: async () => undefined },
    notesOf: async () => ({ rejectedRows: 0, askedAgain: false }),
    async openLibrary(key) {
      const file = await open(printLibraryKey(key));
      if (file === null)
        throw new StorageError('OBJECT_NOT_FOUND', `There is no ${printLibraryKey(key)}.`, {
          retryable: false,
        });
      return file;
    },
    async createLibrary(key) {
      let text = '';
      return {
        write: async (lines) => {
          text += lines;
        },
        finish: async () => void objects.set(printLibraryKey(key), text),
        discard: async () => undefined,
      };
    },
    putRejects: async (key, csv) => void objects.set(key, csv),
    dropRejects: async (key) => void objects.delete(key),
    openOverrides: () => open('overrides'),
    openCheckpoint: (importId, portion) => open(checkpointKey(importId, portion)),
    saveCheckpoint: async (importId, portion, lines) =>
      void objects.set(checkpointKey(importId, portion), lines),
    dropCheckpoint: async (importId, portion) => void objects.delete(checkpointKey(importId, portion)),
    pending: {
      write: async (importId, pending) => void objects.set(pendingKey(importId), JSON.stringify(pending)),
      drop: async (importId) => void objects.delete(pendingKey(importId)),
    },
  };
  return { ports, objects };
}

export const importIdOf = (name: string) => `76561197960287930-${name}`;
export const rawKeyOf = (name: string) => `raw/steam-library-${importIdOf(name)}.csv`;
export const enrichedKeyOf = (name: string) => `enriched/steam-library-${importIdOf(name)}-enriched.csv`;

/** Enriches the libraries of these names with time enough, unless `shouldStop` says otherwise. */
export const enrich = (
  names: readonly string[],
  ports: IgdbEnrichmentPorts,
  shouldStop = () => false,
  { again = false, onRefusal = (_: Refusal): void => undefined } = {},
) =>
  igdbEnrichment(
    names.map((name) => ({ ...libraryKeyOf('raw', importIdOf(name)), again })),
    ports,
    { shouldStop, progress: () => undefined, onRefusal },
  );
