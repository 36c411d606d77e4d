import { importStatuses } from '@savepoint/core/contracts/import-view.ts';
import type { ListImportsOptions } from '@savepoint/core/operations/imports.ts';
import type { Context } from 'hono';
import * as v from 'valibot';
import { readMax } from './max-parameter.ts';
import { readQuery } from './query.ts';

export const ImportsQuery = v.strictObject({
  steam_id: v.optional(v.pipe(v.string(), v.maxLength(500, 'is longer than 500 characters'))),
  status: v.optional(v.picklist(importStatuses, `must be one of ${importStatuses.join(', ')}`)),
  since: v.optional(
    v.pipe(
      v.string(),
      v.isoTimestamp('must be a time like 2026-11-23T04:30:00Z'),
      v.transform((text) => new Date(text)),
    ),
  ),
  cursor: v.optional(
    v.pipe(v.string(), v.regex(/^[0-9A-Za-z:.-]{1,100}$/, 'must be the next_cursor of an answer')),
  ),
  max: v.optional(v.string()),
});

/** What `GET /imports` is asked. @throws HttpProblem 400 PARAMETER_INVALID, UNKNOWN_PARAMETER, MAX_INVALID */
export function readImportsQuery(
  context: Context,
): Omit<ListImportsOptions, 'steamId'> & { steam_id?: string | undefined } {
  const query = readQuery(context, ImportsQuery);
  return { ...query, max: readMax(context, { standard: 100, most: 1000 }) };
}
