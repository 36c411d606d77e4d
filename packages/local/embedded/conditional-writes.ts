import type { FastifyInstance, FastifyRequest } from 'fastify';
import { internalSignature } from './refused-callers.ts';
import { type ObjectWrite, objectWrite, sendS3Error } from './s3-request.ts';

type Refusal = { status: number; code: string; message: string };

/**
 * Adds S3's conditional writes, `If-None-Match: *` and `If-Match: "etag"`, which fauxqs ignores. No other write comes
 * between check and write: fauxqs does all of its work in one turn of the event loop.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function addConditionalWrites(app: FastifyInstance): void {
  app.addHook('preHandler', async (request, reply) => {
    const write = objectWrite(request);
    const refusal = write && (await refuse(app, request, write));
    if (refusal) return sendS3Error(reply, refusal.status, refusal.code, refusal.message);
  });
}

async function refuse(
  app: FastifyInstance,
  request: FastifyRequest,
  write: ObjectWrite,
): Promise<Refusal | null> {
  const { 'if-none-match': ifNoneMatch, 'if-match': ifMatch } = request.headers;
  if (write.action === 'Delete' || (ifNoneMatch === undefined && ifMatch === undefined)) return null;
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    return { status: 501, code: 'NotImplemented', message: 'If-None-Match takes only * on a write.' };
  }
  const current = await app.inject({ method: 'HEAD', url: write.path, headers: internalSignature });
  const exists = current.statusCode === 200;
  if (ifMatch !== undefined && !exists) {
    return { status: 404, code: 'NoSuchKey', message: 'The specified key does not exist.' };
  }
  const failed = ifNoneMatch === '*' ? exists : unquoted(current.headers.etag) !== unquoted(ifMatch);
  return failed
    ? { status: 412, code: 'PreconditionFailed', message: 'At least one of the pre-conditions did not hold.' }
    : null;
}

const unquoted = (etag: unknown) => String(etag).replaceAll('"', '');
