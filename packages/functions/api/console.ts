import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { ConsoleConfig } from '@savepoint/core/contracts/console-config.ts';
import { igdbImageOrigin } from '@savepoint/core/contracts/igdb-images.ts';
import type { Context } from 'hono';
import { HttpProblem } from './problem.ts';
import { takesGzip } from './takes-gzip.ts';

/** The web page of the product: files that were built before, and what they must know of this deployment. */

export type ConsolePorts = {
  console: {
    /**
     * @param path below `/console/`; `index.html`, or `assets/…` with a hash of the content in its name.
     * @returns gzip; null where there is no such file.
     */
    readFile(path: string): Promise<Uint8Array<ArrayBuffer> | null>;
    config: ConsoleConfig;
  };
};

const contentTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Names with a hash never change what they mean. */
const forEver = 'public, max-age=31536000, immutable';
const untilAsked = 'no-cache';

/** `GET /console/…`: a file, the configuration, or the page itself, which finds its way by the address. */
export async function showConsole(context: Context, { console }: ConsolePorts): Promise<Response> {
  const path = context.req.path.replace(/^\/console\/?/, '');
  const headers = securityHeaders(console.config);
  if (path === 'config.json')
    return context.json(console.config, 200, { ...headers, 'cache-control': untilAsked });
  const isAsset = path.startsWith('assets/');
  const name = isAsset ? path : 'index.html';
  const packed = await console.readFile(name);
  if (packed === null) throw fileNotFound();
  const all = {
    ...headers,
    'content-type': contentTypes[name.slice(name.lastIndexOf('.'))] ?? 'application/octet-stream',
    'cache-control': isAsset ? forEver : untilAsked,
    vary: 'accept-encoding',
  };
  return takesGzip(context)
    ? context.body(packed, 200, { ...all, 'content-encoding': 'gzip' })
    : context.body(new Uint8Array(await promisify(gunzip)(packed)), 200, all);
}

/** The page may load what is its own, and IGDB's pictures; it may ask this API, and the issuer that signs people in. */
function securityHeaders({ sign_in }: ConsoleConfig): Record<string, string> {
  const issuer = sign_in === null ? [] : [sign_in.issuer, sign_in.token_origin ?? sign_in.issuer];
  const asked = ["'self'", ...new Set(issuer.map((address) => new URL(address).origin))];
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      `img-src 'self' ${igdbImageOrigin}`,
      `connect-src ${asked.join(' ')}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ].join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

const fileNotFound = () =>
  new HttpProblem(
    404,
    'FILE_NOT_FOUND',
    'The console has no such file. Load the page again: a newer version may have been deployed.',
  );
