import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import {
  notificationXml,
  parseNotificationXml,
  QueueNotification,
  wants,
} from './notification-configuration.ts';
import { objectCreatedMessage, sequencers, testEventMessage } from './object-created-event.ts';
import { internalSignature } from './refused-callers.ts';
import { type ObjectWrite, objectWrite, queryOf, s3Target, sendS3Error } from './s3-request.ts';

/** Puts a message on the queue, at once; throws when there is no such queue. */
export type SendToQueue = (queueArn: string, body: string) => void;

const Stored = v.record(v.string(), v.array(QueueNotification));
type Stored = v.InferOutput<typeof Stored>;

/**
 * Adds bucket notifications to SQS, which fauxqs 2.4 lacks, in the form of Put- and
 * GetBucketNotificationConfiguration. A message is on its queue before the writer hears that the object is stored;
 * where it cannot be sent the writer gets a 500 and writes again, so no object goes unannounced.
 * @param path file that keeps the configuration over restarts; null keeps it in memory.
 */
export function addBucketNotifications(app: FastifyInstance, send: SendToQueue, path: string | null): void {
  const stored = new Map(Object.entries(read(path)));
  const save = () => write(path, Object.fromEntries(stored));
  const nextSequencer = sequencers();

  app.addHook('preHandler', async (request, reply) => {
    const target = s3Target(request);
    if (target === null || target.key !== '' || !('notification' in queryOf(request))) return;
    const bucket = await app.inject({
      method: 'HEAD',
      url: `/${target.bucket}`,
      headers: internalSignature,
    });
    if (bucket.statusCode !== 200) {
      return sendS3Error(reply, 404, 'NoSuchBucket', 'The specified bucket does not exist.');
    }
    if (request.method === 'GET') {
      return reply.type('application/xml').send(notificationXml(stored.get(target.bucket) ?? []));
    }
    return configure(request, reply, send, (notifications) => {
      stored.set(target.bucket, notifications);
      save();
    });
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const created = objectWrite(request);
    if (created !== null && created.action !== 'Delete' && reply.statusCode === 200) {
      await announce(app, created, stored.get(created.bucket) ?? [], send, nextSequencer);
    } else if (request.method === 'DELETE' && s3Target(request)?.key === '' && reply.statusCode === 204) {
      if (stored.delete(s3Target(request)!.bucket)) save();
    }
    return payload;
  });
}

function configure(
  request: FastifyRequest,
  reply: FastifyReply,
  send: SendToQueue,
  keep: (notifications: QueueNotification[]) => void,
): FastifyReply {
  const notifications = parseNotificationXml(String(request.body ?? ''));
  if (notifications === null) {
    return sendS3Error(
      reply,
      501,
      'NotImplemented',
      'This S3 sends ObjectCreated events to SQS queues, nothing else.',
    );
  }
  try {
    // Like S3, which sends one to each destination and refuses a configuration that it cannot deliver.
    for (const { queueArn } of notifications) send(queueArn, testEventMessage(s3Target(request)!.bucket));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return sendS3Error(
      reply,
      400,
      'InvalidArgument',
      `Unable to validate the destination configurations: ${reason}`,
    );
  }
  keep(notifications);
  return reply.status(200).send();
}

async function announce(
  app: FastifyInstance,
  created: ObjectWrite,
  notifications: readonly QueueNotification[],
  send: SendToQueue,
  nextSequencer: () => string,
): Promise<void> {
  const listening = notifications.filter((notification) => wants(notification, created.action, created.key));
  if (listening.length === 0) return;
  const stored = await app.inject({ method: 'HEAD', url: created.path, headers: internalSignature });
  const object = {
    ...created,
    sizeBytes: Number(stored.headers['content-length']),
    eTag: String(stored.headers.etag).replaceAll('"', ''),
    sequencer: nextSequencer(),
  };
  for (const { id, queueArn } of listening) send(queueArn, objectCreatedMessage(object, id, queueArn));
}

function read(path: string | null): Stored {
  return path !== null && existsSync(path) ? v.parse(Stored, JSON.parse(readFileSync(path, 'utf8'))) : {};
}

function write(path: string | null, stored: Stored): void {
  if (path === null) return;
  // A half-written file must never take the place of a whole one.
  writeFileSync(`${path}.new`, JSON.stringify(stored, null, 2));
  renameSync(`${path}.new`, path);
}
