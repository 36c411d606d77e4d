import type { Context } from 'hono';

/** Whether whoever calls unpacks gzip. */
export const takesGzip = (context: Context): boolean =>
  /(^|[\s,])(gzip|\*)\s*(;\s*q=(0\.0*[1-9]\d*|1(\.0*)?)\s*)?(,|$)/i.test(
    context.req.header('accept-encoding') ?? '',
  );
