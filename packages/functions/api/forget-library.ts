import type { ForgetQueue } from '@savepoint/adapters/sqs/forget-queue.ts';
import { countObjects, type PersonObjects } from '@savepoint/core/operations/forget.ts';
import type { Context } from 'hono';
import * as v from 'valibot';
import { readQuery } from './query.ts';
import { readSteamId64 } from './steam-id-parameter.ts';

export const ForgetQuery = v.strictObject({
  dry_run: v.optional(v.picklist(['true', 'false'], 'must be true or false')),
});

export type ForgetLibraryPorts = {
  forgetQueue: Pick<ForgetQueue, 'send'>;
  personObjects: Pick<PersonObjects, 'list'>;
  now(): Date;
};

/**
 * `DELETE /libraries/{steam_id}`: all that is stored of a person is removed, by the function `forget`, because this one has no
 * way to the database. A dry run counts what the bucket holds.
 */
export async function forgetLibrary(
  context: Context,
  { forgetQueue, personObjects, now }: ForgetLibraryPorts,
): Promise<Response> {
  const { dry_run } = readQuery(context, ForgetQuery);
  const steam_id = readSteamId64(context);
  if (dry_run === 'true')
    return context.json({ steam_id, dry_run: true, objects: await countObjects(steam_id, personObjects) });
  await forgetQueue.send({ steam_id, requested_at: now().toISOString() });
  return context.json({ steam_id, status: 'queued' }, 202);
}
