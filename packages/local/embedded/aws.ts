import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { addBucketNotifications, type SendToQueue } from './bucket-notifications.ts';
import { addConditionalWrites } from './conditional-writes.ts';
import { watchClockSetBack } from './clock-set-back.ts';
import { lockDataDir } from './data-dir-lock.ts';
import { GroupCommit } from './group-commit.ts';
import { type ChosenPort, choosePort, keepPort } from './kept-port.ts';
import { explainListenError, listenOnLoopback, withFastifyApp } from './listen-on-loopback.ts';
import { changeVisibility, mendMessageVisibility } from './message-visibility.ts';
import { refuseCallers } from './refused-callers.ts';
import { s3Target, sendS3Error, unsupportedSubResource } from './s3-request.ts';

export type EmbeddedAws = {
  /** `http://127.0.0.1:{port}`, for `AWS_ENDPOINT_URL`. */
  endpoint: string;
  /** The port of the last run, where another program has it now. */
  takenPort?: number;
  close(): Promise<void>;
};

export type EmbeddedAwsOptions = {
  /** Keeps buckets, queues and messages (those in flight too) over restarts; without it, memory. */
  dataDir?: string;
  /** False trades safety in a power cut for speed, for data that is thrown away. Default true. */
  durable?: boolean;
  /** Taken as it is, where 0 picks a free one; without it the port of the last run while it is free. */
  port?: number;
  /** At the first run on a data directory, while it is free. */
  firstPort?: number;
};

/** The largest object in one PUT: twice the library file limit, and below what SQLite stores in one value. */
const bodyLimitBytes = 512 * 1024 * 1024;

/**
 * S3 and SQS on 127.0.0.1 (fauxqs), with the parts of S3 that the pipeline relies on and fauxqs lacks: bucket
 * notifications, conditional writes, large single PUTs, and a 501 where it would misread a request.
 * @throws PipelineError `PORT_TAKEN`, `PORT_FORBIDDEN`, `DATA_DIR_IN_USE`.
 */
export async function startEmbeddedAws(options: EmbeddedAwsOptions = {}): Promise<EmbeddedAws> {
  const { dataDir, durable = true } = options;
  const lock = dataDir === undefined ? null : lockDataDir(dataDir);
  try {
    const { port, ...chosen } = await portFor(options);
    // Between choosing a port and listening on it another program may take it.
    const aws = await startOnPort(port, dataDir, durable).catch((error) => {
      if (options.port === undefined && error.code === 'PORT_TAKEN') return startOnPort(0, dataDir, durable);
      throw error;
    });
    if (dataDir !== undefined && options.port === undefined && chosen.takenPort === undefined)
      await keepPort(dataDir, Number(new URL(aws.endpoint).port));
    const close = async () => {
      await aws.close();
      lock?.release();
    };
    return { ...aws, ...chosen, close };
  } catch (error) {
    lock?.release();
    throw error;
  }
}

async function portFor(options: EmbeddedAwsOptions): Promise<ChosenPort> {
  const { dataDir, port, firstPort } = options;
  return port !== undefined || dataDir === undefined ? { port: port ?? 0 } : choosePort(dataDir, firstPort);
}

async function startOnPort(
  port: number,
  dataDir: string | undefined,
  durable: boolean,
): Promise<EmbeddedAws> {
  let app: FastifyInstance | undefined;
  let server: FauxqsServer | undefined;
  const queueNames = new Set<string>();
  const commits = new GroupCommit();
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
        commits.holdAnswers(fastify);
      },
      () =>
        commits.adopt(durable, () =>
          startFauxqs({ port, logger: false, ...(dataDir === undefined ? {} : { dataDir }) }),
        ),
    );
  } catch (error) {
    await app?.close();
    throw explainListenError(error, port, 'AWS_PORT');
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
