import { createHealingWaves } from '@savepoint/adapters/s3/healing-waves.ts';
import { createPersonObjects } from '@savepoint/adapters/s3/person-objects.ts';
import { createTombstones } from '@savepoint/adapters/s3/tombstones.ts';
import { connectPostgres } from '@savepoint/adapters/postgres/connection.ts';
import { forgetPerson } from '@savepoint/adapters/postgres/forget-person.ts';
import { createSqsClient } from '@savepoint/adapters/sqs/client.ts';
import { createDeadLetters, type DeadLetterOptions } from '@savepoint/adapters/sqs/dead-letters.ts';
import { createForgetQueue } from '@savepoint/adapters/sqs/forget-queue.ts';
import { ForgetRequest } from '@savepoint/core/contracts/forget-request.ts';
import { type PipelineError, toPipelineError, ValidationError } from '@savepoint/core/errors.ts';
import { forget, type Forgotten } from '@savepoint/core/operations/forget.ts';
import type { SQSBatchResponse } from 'aws-lambda';
import * as v from 'valibot';
import { bucketOf } from './runtime/bucket.ts';
import type { Env } from './runtime/env.ts';
import { lambdaHandler } from './runtime/lambda.ts';
import { errorForLog, type Log } from './runtime/log.ts';
import { isSqsEvent } from './runtime/queue-message.ts';

/** Works off the queue of people who are to be forgotten; takes `{"steam_id", "requested_at"}` as well. */
export function createForget(env: Env, log: Log, looking: DeadLetterOptions = { deadlineSeconds: 60 }) {
  const bucket = bucketOf(env);
  const sqs = createSqsClient(env.aws);
  const connection = connectPostgres(env.secret('databaseUrl'));
  const waves = createHealingWaves(bucket);
  const forgetQueue = createForgetQueue(sqs, env.deployment);
  const ports = {
    tombstones: createTombstones(bucket),
    objects: createPersonObjects(bucket),
    deadLetters: createDeadLetters(sqs, env.deployment, looking),
    forgetRows: (steamId: string) => forgetPerson(connection, steamId),
    sendAgain: forgetQueue.sendAgain,
    async forgetWaves(steamId: string) {
      const kept = await waves.read();
      const isOf = (importId: string) => importId.startsWith(`${steamId}-`);
      if (!kept.some(({ importIds }) => importIds.some(isOf))) return;
      await waves.write(
        kept.map((wave) => ({ ...wave, importIds: wave.importIds.filter((importId) => !isOf(importId)) })),
      );
    },
  };
  const forgetOne = async (message: unknown): Promise<Forgotten> => {
    const request = v.safeParse(ForgetRequest, message);
    if (!request.success)
      throw new ValidationError(
        'MESSAGE_INVALID',
        `The message asks to forget nobody: ${request.issues[0].message}.`,
      );
    const { steam_id: _, ...counts } = await forget(request.output, ports);
    log.info('forgot a person', counts);
    return { steam_id: request.output.steam_id, ...counts };
  };
  const gaveUp = (body: string, error: PipelineError): Promise<boolean> =>
    forgetQueue.giveUp(body, error).then(
      () => true,
      (reason) => {
        log.error('could not keep what was given up', errorForLog(toPipelineError(reason)));
        return false;
      },
    );
  const handler = async (event: unknown): Promise<SQSBatchResponse | Forgotten> => {
    if (!isSqsEvent(event)) return forgetOne(event);
    const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
    for (const { messageId, body } of event.Records)
      try {
        await forgetOne(parseJson(body));
      } catch (thrown) {
        const error = toPipelineError(thrown);
        log.error('could not forget a person', errorForLog(error));
        // What may pass is left to the queue, which tries again; the rest is kept at once, for somebody to look at.
        const isKept = !error.retryable && (await gaveUp(body, error));
        if (!isKept) batchItemFailures.push({ itemIdentifier: messageId });
      }
    return { batchItemFailures };
  };
  return { handler, close: () => connection.close() };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const handler = lambdaHandler('forget', (env, log) => createForget(env, log).handler);
