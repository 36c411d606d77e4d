import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** The body has more bytes than its reader takes. */
export class TooLarge extends Error {}

/**
 * The text of an answer, unpacked. The connection is closed unless the body was read to its end.
 * @param maxBytes of the unpacked body; 0 to read nothing.
 * @throws TooLarge, and the network's errors
 */
export async function readBody(response: IncomingMessage, maxBytes: number): Promise<string> {
  if (maxBytes === 0) return '';
  const unpacked =
    response.headers['content-encoding'] === 'gzip'
      ? // What goes wrong, the reader below hears from the unpacked half.
        pipeline(response, createGunzip(), () => undefined)
      : response;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of unpacked) {
    bytes += chunk.length;
    // Leaving the loop destroys the stream.
    if (bytes > maxBytes) throw new TooLarge();
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks, bytes));
}
