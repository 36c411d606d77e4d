import type { MiddlewareHandler } from 'hono';
import { etag } from 'hono/etag';

/** It may say who owns what, so nobody in between keeps it; a browser asks each time whether it is still so. */
export const keptByBrowsers = 'private, no-cache';

const kept: MiddlewareHandler = async (context, next) => {
  await next();
  const { req, res } = context;
  if (req.method === 'GET' && res.ok && !res.headers.has('cache-control'))
    context.header('cache-control', keptByBrowsers);
};

/**
 * Gives every answer to a GET an ETag, and sends 304 in place of what the caller has: most of what is polled has not
 * changed. The tag is weak, since gateways pack and unpack.
 */
export const revalidated: readonly MiddlewareHandler[] = [etag({ weak: true }), kept];
