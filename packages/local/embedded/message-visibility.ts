import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { VisibilityChange } from './clock-set-back.ts';
import { internalSignature } from './refused-callers.ts';
import * as v from 'valibot';

const Handle = v.object({ VisibilityTimeout: v.optional(v.number()) });
const ChangeVisibility = v.object({ ...Handle.entries, Entries: v.optional(v.array(Handle)) });
const Received = v.object({ Messages: v.optional(v.array(v.object({ ReceiptHandle: v.string() }))) });

/** The shortest timeout that is not zero, in seconds. */
const oneMillisecond = 0.001;

/**
 * Two ways in which fauxqs 2.4.1 lets a message disappear, mended.
 * - With a data directory, a visibility timeout of 0 breaks a NOT NULL constraint after the message was already
 *   taken out of memory; one millisecond instead of zero goes the sound way.
 * - A client that hangs up during a long poll is handed the next message all the same. It is made visible again.
 */
export function mendMessageVisibility(app: FastifyInstance): void {
  app.addHook('preHandler', async (request) => {
    if (!/ChangeMessageVisibility(Batch)?$/.test(action(request))) return;
    const parsed = v.safeParse(ChangeVisibility, request.body);
    if (!parsed.success) return;
    const body = request.body as v.InferOutput<typeof ChangeVisibility>;
    for (const entry of [body, ...(body.Entries ?? [])]) {
      if (entry.VisibilityTimeout === 0) entry.VisibilityTimeout = oneMillisecond;
    }
  });

  app.addHook('preSerialization', async (request, reply, payload) => {
    if (action(request) !== 'AmazonSQS.ReceiveMessage' || !reply.raw.destroyed) return payload;
    const received = v.safeParse(Received, payload);
    const { QueueUrl: queueUrl = '' } = request.body as { QueueUrl?: string };
    for (const { ReceiptHandle: receiptHandle } of received.success ? (received.output.Messages ?? []) : [])
      await changeVisibility(app, { queueUrl, receiptHandle, seconds: 0 });
    return payload;
  });
}

/** As a client would, from within. */
export async function changeVisibility(app: FastifyInstance, message: VisibilityChange): Promise<void> {
  await app.inject({
    method: 'POST',
    url: '/',
    headers: {
      ...internalSignature,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'AmazonSQS.ChangeMessageVisibility',
    },
    payload: JSON.stringify({
      QueueUrl: message.queueUrl,
      ReceiptHandle: message.receiptHandle,
      VisibilityTimeout: message.seconds,
    }),
  });
}

const action = (request: FastifyRequest) => String(request.headers['x-amz-target'] ?? '');
