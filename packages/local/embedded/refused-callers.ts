import { foreignCaller } from '@savepoint/simulators/local-callers.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { s3Target, sendS3Error } from './s3-request.ts';

/** Signs what the embedded S3 and SQS ask of themselves. */
export const internalSignature = { authorization: 'AWS4-HMAC-SHA256 internal' };

/**
 * Refuses whoever is not of this machine, and whatever is not signed for AWS. Any key will do: a signature only shows
 * that no page sent the request, because a browser asks before it sends such a header, and is refused. SNS and STS,
 * which fauxqs serves as well, take the forms that pages can send unasked, and nothing here needs them.
 */
export function refuseCallers(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const foreign = foreignCaller(request.headers);
    if (foreign !== null) return refuse(request, reply, foreign);
    if (request.url === '/health') return;
    if (!isSigned(request))
      return refuse(request, reply, 'Sign the request for AWS; any access key and secret will do.');
    if (/x-www-form-urlencoded/i.test(request.headers['content-type'] ?? '') && s3Target(request) === null)
      return refuse(request, reply, 'There are S3 and SQS (over JSON) here, and nothing else.');
  });
}

function isSigned({ headers, query }: FastifyRequest): boolean {
  if (/^AWS4-HMAC-SHA256 ./.test(headers.authorization ?? '')) return true;
  const { 'X-Amz-Algorithm': algorithm, 'X-Amz-Signature': signature } = (query ?? {}) as Record<
    string,
    unknown
  >;
  return algorithm === 'AWS4-HMAC-SHA256' && Boolean(signature);
}

function refuse(request: FastifyRequest, reply: FastifyReply, reason: string): FastifyReply {
  if (s3Target(request) !== null) return sendS3Error(reply, 403, 'AccessDenied', reason);
  return reply.status(403).send({ __type: 'com.amazonaws.sqs#AccessDenied', message: reason });
}
