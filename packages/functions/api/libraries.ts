import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { PublishedLibraries } from '@savepoint/adapters/s3/published-libraries.ts';
import type { SteamId } from '@savepoint/core/steam-id.ts';
import type { Context } from 'hono';
import { HttpProblem } from './problem.ts';
import { refuseQuery } from './query.ts';
import { keptByBrowsers } from './revalidated.ts';
import { readSteamId64 } from './steam-id-parameter.ts';
import { takesGzip } from './takes-gzip.ts';

/** An answer of a Lambda has 6 MB; gzip goes through it as base64, which is a third longer. */
const mostPackedBytes = 4.5 * 1024 * 1024;
const mostPlainBytes = 5.5 * 1024 * 1024;

/** `GET /libraries/{steam_id}`: the published library as it lies in the bucket. */
export async function showLibrary(
  context: Context,
  libraries: Pick<PublishedLibraries, 'open'>,
): Promise<Response> {
  refuseQuery(context);
  const steamId = readSteamId64(context);
  const library = await libraries.open(steamId);
  if (library === null) throw notFound();
  const { eTag = '', sizeBytes, body, discard } = library;
  const headers = { etag: eTag, 'cache-control': keptByBrowsers, vary: 'accept-encoding' };
  if (isKnown(context, eTag) || sizeBytes > mostPackedBytes) {
    discard();
    if (sizeBytes > mostPackedBytes) throw tooLarge(steamId);
    return context.body(null, 304, headers);
  }
  const packed = await wholeOf(body);
  const json = { ...headers, 'content-type': 'application/json' };
  return takesGzip(context)
    ? context.body(packed, 200, { ...json, 'content-encoding': 'gzip' })
    : context.body(await unpack(packed), 200, json);
}

async function wholeOf(body: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Tags are compared weakly: a proxy that packs or unpacks marks them so. */
const isKnown = (context: Context, eTag: string): boolean =>
  (context.req.header('if-none-match') ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === '*' || (tag !== '' && tag === eTag));

const unpack = async (packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(
    await promisify(gunzip)(packed, { maxOutputLength: mostPlainBytes }).catch(() => {
      throw new HttpProblem(
        406,
        'GZIP_NEEDED',
        'This library is too large to be sent unpacked. Send the header Accept-Encoding: gzip.',
      );
    }),
  );

const notFound = () =>
  new HttpProblem(
    404,
    'LIBRARY_NOT_FOUND',
    'There is no library for this person. Import it with POST /imports, and ask again once that has completed.',
  );

const tooLarge = (steamId: SteamId) =>
  new HttpProblem(
    422,
    'LIBRARY_TOO_LARGE',
    `This library has more than ${mostPackedBytes / 1024 / 1024} MB, packed. Read exports/${steamId}/library.json in the bucket, or the database.`,
  );
