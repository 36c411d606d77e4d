import { isImportId } from '@savepoint/core/contracts/import-id.ts';
import { healingKey } from '@savepoint/core/contracts/object-key.ts';
import type { HealPorts } from '@savepoint/core/operations/heal.ts';
import { stageNames } from '@savepoint/core/topology.ts';
import * as v from 'valibot';
import type { Bucket } from './bucket.ts';
import { createJsonObjects } from './json-object.ts';

const Waves = v.array(
  v.object({
    stage: v.picklist(stageNames),
    code: v.string(),
    sentAt: v.pipe(v.string(), v.isoTimestamp()),
    step: v.pipe(v.number(), v.integer(), v.minValue(0)),
    importIds: v.array(v.pipe(v.string(), v.guard(isImportId))),
  }),
);

/** What self-healing remembers from run to run. */
export function createHealingWaves(bucket: Bucket): HealPorts['waves'] {
  const objects = createJsonObjects(bucket);
  return {
    read: async () => (await objects.read(healingKey, Waves)) ?? [],
    write: (waves) => objects.write(healingKey, waves),
  };
}
