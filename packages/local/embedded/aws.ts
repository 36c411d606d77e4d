import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { addBucketNotifications, type SendToQueue } from './bucket-notifications.ts';
import { addConditionalWrites } from './conditional-writes.ts';
import { watchClockSetBack } from './clock-set-back.ts';
import { lockDataDir } from './data-dir-lock.ts';
import { explainListenError, listenOnLoopback, withFastifyApp } from './listen-on-loopback.ts';
import { changeVisibility, mendMessageVisibility } from './message-visibility.ts';
import { refuseCallers } from './refused-callers.ts';
import { s3Target, sendS3Error, unsupportedSubResource } from './s3-request.ts';

export type EmbeddedAws = {
  /** `http://127.0.0.1:{port}`, for `AWS_ENDPOINT_URL`. */
  endpoint: string;
  close(): Promise<void>;
};

/** The largest object in one PUT: twice the library file limit, and below what SQLite stores in one value. */
const bodyLimitBytes = 512 * 1024 * 1024;

/**
 * S3 and SQS on 127.0.0.1 (fauxqs), with the parts of S3 that the pipeline relies on and fauxqs lacks: bucket
 * notifications, conditional writes, large single PUTs, and a 501 where it would misread a request.
 * @param options.dataDir keeps buckets, queues and messages (those in flight too) over restarts; without it, memory.
 * @param options.port 0, the default, picks a free one.
 * @throws PipelineError `PORT_TAKEN`, `DATA_DIR_IN_USE`.
 */
export async function startEmbeddedAws(
  options: { dataDir?: string; port?: number } = {},
): Promise<EmbeddedAws> {
  const { dataDir, port = 0 } = options;
  const lock = dataDir === undefined ? null : lockDataDir(dataDir);
  let app: FastifyInstance | undefined;
  let server: FauxqsServer | undefined;
  const queueNames = new Set<string>();
  const send: SendToQueue = (queueArn, body) => {
    const [, , , region, , queue] = queueArn.split(':');
    if (server === undefined) throw new Error('The queues are still starting.');
    server.sendMessage(queue!, body, { region: region! });
  };
  try {
    server = await withFastifyApp(
      (fastify) => {
        app = fastify;
        noteQueues(fastify, queueNames);
        extend(fastify, send, dataDir === undefined ? null : join(dataDir, 'bucket-notifications.json'));
      },
      () => startFauxqs({ port, logger: false, ...(dataDir === undefined ? {} : { dataDir }) }),
    );
  } catch (error) {
    await app?.close();
    lock?.release();
    throw explainListenError(error, port);
  }
  const running = server;
  const stopWatch = watchClockSetBack(
    running,
    () => queueNames,
    (message) => changeVisibility(app!, message),
  );
  return {
    endpoint: `http://127.0.0.1:${running.port}`,
    close: async () => {
      stopWatch();
      await running.stop();
      lock?.release();
    },
  };
}

/** Of the queues that somebody received from, or changed a message of: only there messages are hidden. */
function noteQueues(app: FastifyInstance, queueNames: Set<string>): void {
  app.addHook('preHandler', async (request) => {
    const { QueueUrl } = (request.body ?? {}) as { QueueUrl?: unknown };
    if (typeof QueueUrl === 'string') queueNames.add(QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1));
  });
}

function extend(app: FastifyInstance, send: SendToQueue, notificationsPath: string | null): void {
  listenOnLoopback(app);
  refuseCallers(app);
  app.addHook('onRoute', (route) => {
    route.bodyLimit = bodyLimitBytes;
    const { handler } = route;
    // fauxqs's handlers answer and then return nothing, which makes Fastify answer again while onSend still works.
    route.handler = async function (request, reply) {
      const payload = await handler.call(this, request, reply);
      return payload === undefined ? reply : payload;
    };
  });
  app.addHook('preHandler', async (request, reply) => {
    const target = s3Target(request);
    const unsupported = target === null ? null : unsupportedSubResource(request, target.key);
    if (unsupported !== null) {
      return sendS3Error(reply, 501, 'NotImplemented', `The embedded S3 has no ${unsupported}.`);
    }
  });
  addConditionalWrites(app);
  addBucketNotifications(app, send, notificationsPath);
  mendMessageVisibility(app);
}
