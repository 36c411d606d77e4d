import type { ImportRequest } from '@savepoint/core/contracts/import-request.ts';
import type { Context } from 'hono';

/** 202: an import is under way, and where to follow it. */
export function queuedAnswer(context: Context, { import_id, steam_id }: ImportRequest): Response {
  const statusUrl = new URL(`/imports/${import_id}`, context.req.url).href;
  return context.json({ import_id, steam_id, status: 'queued', status_url: statusUrl }, 202, {
    location: statusUrl,
  });
}
