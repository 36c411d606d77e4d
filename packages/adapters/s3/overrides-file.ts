import { utf8Text } from '@savepoint/core/contracts/csv-text.ts';
import { overridesKey } from '@savepoint/core/contracts/object-key.ts';
import type { OverridesFile } from '@savepoint/core/operations/edit-overrides.ts';
import type { Bucket } from './bucket.ts';

/** `overrides/apps.csv` in the bucket. */
export const createOverridesFile = (bucket: Bucket): OverridesFile => ({
  read: () => bucket.readBytes(overridesKey),
  update: (change) => bucket.update(overridesKey, 'text/csv; charset=utf-8', change, { decode: utf8Text }),
});
