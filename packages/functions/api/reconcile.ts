import { reconcile, type ReconcilePorts } from '@savepoint/core/operations/reconcile.ts';
import type { Context } from 'hono';
import * as v from 'valibot';
import { refuseQuery } from './query.ts';
import { bodyObject, readBody } from './request-body.ts';

export const ReconcileBody = bodyObject('{"dry_run": true, "older_than_seconds": 900}', {
  dry_run: v.optional(v.boolean('must be true or false'), false),
  older_than_seconds: v.optional(
    v.pipe(
      v.number('must be a number'),
      v.integer('must be a whole number'),
      v.minValue(0, 'must not be negative'),
      v.maxValue(366 * 24 * 60 * 60, 'must be a year at most'),
    ),
    // As the hourly run: long enough for S3's slowest announcements.
    15 * 60,
  ),
});

/** What an answer has the time for; the hourly run looks at all of them. */
const mostOpen = 1000;

/** `POST /reconcile`: queues open imports whose message never came. */
export const reconcileHandlers = (ports: ReconcilePorts) => ({
  async reconcile(context: Context): Promise<Response> {
    refuseQuery(context);
    const { dry_run: dryRun, older_than_seconds: olderThanSeconds } = await readBody(context, ReconcileBody);
    const { queued, postponed, more } = await reconcile(ports, { dryRun, olderThanSeconds, mostOpen });
    return context.json({ queued, postponed, more, dry_run: dryRun });
  },
});
