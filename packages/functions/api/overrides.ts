import { classifications } from '@savepoint/core/contracts/classification.ts';
import type { OverrideChange, OverridesFile } from '@savepoint/core/operations/edit-overrides.ts';
import { decideOverride, dropOverride, listOverrides } from '@savepoint/core/operations/list-overrides.ts';
import type { Context } from 'hono';
import * as v from 'valibot';
import { readMax } from './max-parameter.ts';
import { HttpProblem } from './problem.ts';
import { readQuery, refuseQuery } from './query.ts';
import { bodyObject, readBody } from './request-body.ts';

const largestId = 2 ** 31 - 1;
const id = v.pipe(
  v.number('must be a number, or "none"'),
  v.integer('must be a whole number'),
  v.minValue(1, 'must be at least 1'),
  v.maxValue(largestId, `must be at most ${largestId}`),
);

export const OverrideBody = bodyObject('{"igdb_id": 233, "note": "the original"}', {
  igdb_id: v.optional(v.union([v.literal('none'), id], 'must be a number from 1 on, or "none"')),
  classification: v.optional(v.picklist(classifications, `must be one of ${classifications.join(', ')}`)),
  note: v.optional(v.pipe(v.string('must be a text'), v.maxLength(500, 'is longer than 500 characters'))),
});

export const OverridesQuery = v.strictObject({
  max: v.optional(v.string()),
  cursor: v.optional(
    v.pipe(v.string(), v.regex(/^\d{1,10}$/, 'must be the next_cursor of an answer'), v.transform(Number)),
  ),
});

/** What people decided about apps. `PUT` keeps what the body does not name. */
export const overrideHandlers = (file: OverridesFile) => ({
  async listOverrides(context: Context): Promise<Response> {
    const { cursor } = readQuery(context, OverridesQuery);
    const { overrides, rejects, next_cursor } = await listOverrides(file, {
      cursor,
      max: readMax(context, { standard: 100, most: 1000 }),
    });
    return context.json({
      overrides,
      ...(rejects.length > 0 && { rejects: rejects.slice(0, shownRejects) }),
      ...(next_cursor !== undefined && { next_cursor }),
    });
  },
  async decideOverride(context: Context): Promise<Response> {
    refuseQuery(context);
    const appId = appIdOf(context);
    const change = changeOf(await readBody(context, OverrideBody));
    return context.json(await decideOverride(file, appId, change));
  },
  async dropOverride(context: Context): Promise<Response> {
    refuseQuery(context);
    const appId = appIdOf(context);
    if (await dropOverride(file, appId)) return context.body(null, 204);
    throw new HttpProblem(404, 'OVERRIDE_NOT_FOUND', `There is no override for app ${appId}.`);
  },
});

const shownRejects = 100;

function changeOf({ igdb_id, ...rest }: v.InferOutput<typeof OverrideBody>): OverrideChange {
  const change = { ...(igdb_id !== undefined && { igdb_id: String(igdb_id) }), ...rest };
  if (Object.keys(change).length > 0) return change;
  throw new HttpProblem(400, 'BODY_INVALID', 'Say what the app is: igdb_id, classification or note.');
}

/** @throws HttpProblem 404 */
function appIdOf(context: Context): number {
  const text = context.req.param('appid') ?? '';
  const appId = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (appId >= 1 && appId <= largestId) return appId;
  throw new HttpProblem(404, 'APP_NOT_FOUND', "Name an app by Steam's number, such as /overrides/220.");
}
