import type { FastifyReply, FastifyRequest } from 'fastify';

export type ObjectWrite = {
  /** As S3 names it in an event, or Delete. */
  action: 'Put' | 'Copy' | 'CompleteMultipartUpload' | 'Delete';
  bucket: string;
  key: string;
  /** The object's URL path as it was asked for, still encoded. */
  path: string;
};

/** Query parameters that fauxqs acts on. It takes a request with any other one for the plain operation. */
const understoodQueries: Readonly<Record<string, readonly string[]>> = {
  'GET bucket': [
    'list-type',
    'prefix',
    'delimiter',
    'marker',
    'max-keys',
    'continuation-token',
    'start-after',
    'encoding-type',
    'fetch-owner',
    'lifecycle',
    'notification',
  ],
  'PUT bucket': ['lifecycle', 'notification'],
  'DELETE bucket': ['lifecycle'],
  'POST bucket': ['delete'],
  'GET object': ['attributes'],
  'PUT object': ['uploadId', 'partNumber'],
  'POST object': ['uploads', 'uploadId'],
  'DELETE object': ['uploadId'],
};

const params = (request: FastifyRequest) => request.params as { bucket?: string; '*'?: string };
export const queryOf = (request: FastifyRequest) => (request.query ?? {}) as Record<string, string>;

/** The bucket and key (empty for the bucket itself) of an S3 request; null for SQS, SNS and health. */
export function s3Target(request: FastifyRequest): { bucket: string; key: string } | null {
  const { bucket, '*': key = '' } = params(request);
  return bucket === undefined ? null : { bucket, key };
}

/** The first sub-resource that this S3 lacks, such as `tagging`; null when the request can be served. */
export function unsupportedSubResource(request: FastifyRequest, key: string): string | null {
  const scope = `${request.method} ${key === '' ? 'bucket' : 'object'}`;
  const understood = understoodQueries[scope] ?? [];
  const queries = Object.keys(queryOf(request));
  // A form upload is the one POST to a bucket without ?delete.
  if (scope === 'POST bucket' && !queries.includes('delete')) return 'form upload';
  return (
    queries.find((name) => !understood.includes(name) && !/^(x-id|x-amz-.*|response-.*)$/i.test(name)) ?? null
  );
}

/** What a request does to one object, if it makes, replaces or removes one. */
export function objectWrite(request: FastifyRequest): ObjectWrite | null {
  const target = s3Target(request);
  if (target === null || target.key === '') return null;
  const action = writeAction(request);
  return action === null ? null : { action, ...target, path: request.url.split('?')[0]! };
}

function writeAction(request: FastifyRequest): ObjectWrite['action'] | null {
  const isPartOfUpload = 'uploadId' in queryOf(request);
  if (request.method === 'POST') return isPartOfUpload ? 'CompleteMultipartUpload' : null;
  if (isPartOfUpload) return null;
  if (request.method === 'DELETE') return 'Delete';
  if (request.method !== 'PUT') return null;
  return request.headers['x-amz-copy-source'] === undefined ? 'Put' : 'Copy';
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
export const escapeXml = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character]!);

export function unescapeXml(text: string): string {
  const named = Object.fromEntries(
    Object.entries(entities).map(([character, entity]) => [entity, character]),
  );
  return text.replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, (entity, body: string) => {
    if (!body.startsWith('#')) return named[entity] ?? entity;
    return String.fromCodePoint(
      /^#x/i.test(body) ? Number.parseInt(body.slice(2), 16) : Number(body.slice(1)),
    );
  });
}

/** Answers in S3's error format. */
export function sendS3Error(
  reply: FastifyReply,
  status: number,
  code: string,
  message: string,
): FastifyReply {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`;
  return reply.status(status).header('content-type', 'application/xml').send(xml);
}
