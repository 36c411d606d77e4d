import * as v from 'valibot';
import { maxReceiveCount, type StageName, stages } from '../topology.ts';
import { type ImportId, isImportId } from './import-id.ts';
import { ImportRequest } from './import-request.ts';
import { parseLibraryKey } from './library-key.ts';
import { parseObjectCreated, splitNotification } from './object-created.ts';

/** What a message in a dead-letter queue says of itself, as SQS message attributes beside the untouched body. */
export type Failure = {
  importId: ImportId | null;
  /** Over all redrives. */
  attempts: number;
  /** ISO 8601 */
  firstFailedAt: string;
  lastFailedAt: string;
  error: DeadLetterError;
  /** How often self-healing sent it back (see operations/heal.ts). */
  rounds: number;
};

/** `retryable`: whether a redrive may help without anybody changing anything. */
export type DeadLetterError = { code: string; message: string; retryable: boolean };

/** A dead letter as people and programs read it. */
export type DeadLetter = {
  message_id: string;
  import_id: ImportId | null;
  stage: StageName;
  attempts: number;
  first_failed_at: string;
  last_failed_at: string;
  error: DeadLetterError;
  /** The original message, unchanged. */
  body: string;
};

/** SQS takes ten attributes at most. */
export const failureAttributes = (stage: StageName, failure: Failure): Record<string, string> => ({
  stage,
  ...(failure.importId === null ? {} : { import_id: failure.importId }),
  attempts: String(failure.attempts),
  first_failed_at: failure.firstFailedAt,
  last_failed_at: failure.lastFailedAt,
  error_code: failure.error.code,
  error_message: failure.error.message,
  retryable: String(failure.error.retryable),
  rounds: String(failure.rounds),
});

/**
 * A message that stands for one whose work goes on: what that one failed of before it was redriven, and how many of
 * its attempts are used up.
 */
export type Continuation = { earlierFailure: Failure | null; earlierAttempts: number };

export const continuationAttributes = (
  stage: StageName,
  { earlierFailure, earlierAttempts }: Continuation,
): Record<string, string> => ({
  ...(earlierFailure && failureAttributes(stage, earlierFailure)),
  earlier_attempts: String(earlierAttempts),
});

export const readContinuation = (attributes: Readonly<Record<string, string>>): Continuation => ({
  earlierFailure: readFailure(attributes),
  earlierAttempts: v.parse(EarlierAttempts, attributes.earlier_attempts),
});

/**
 * What can pass by itself. Letters of earlier versions did not say whether they are retryable; their codes do.
 */
const passingCodes: ReadonlySet<string> = new Set([
  'DATABASE_AUTH_FAILED',
  'DATABASE_CONFLICT',
  'DATABASE_FAILED',
  'DATABASE_SCHEMA_OUTDATED',
  'DATABASE_UNAVAILABLE',
  'IGDB_AUTH_FAILED',
  'IGDB_DEADLINE',
  'IGDB_RATE_LIMITED',
  'IGDB_UNAVAILABLE',
  'QUEUE_UNAVAILABLE',
  'SECRET_EMPTY',
  'SECRET_UNAVAILABLE',
  'STEAM_RATE_LIMITED',
  'STEAM_UNAVAILABLE',
  'STORAGE_CONTENDED',
  'STORAGE_UNAVAILABLE',
  'UNEXPECTED',
]);

const wholeNumber = v.pipe(v.string(), v.regex(/^\d{1,6}$/), v.transform(Number));
const EarlierAttempts = v.fallback(v.optional(wholeNumber, '0'), 0);
const FailureAttributes = v.object({
  import_id: v.optional(v.pipe(v.string(), v.guard(isImportId))),
  attempts: wholeNumber,
  first_failed_at: v.pipe(v.string(), v.isoTimestamp()),
  last_failed_at: v.pipe(v.string(), v.isoTimestamp()),
  error_code: v.string(),
  error_message: v.string(),
  retryable: v.fallback(v.optional(v.picklist(['true', 'false'])), undefined),
  rounds: v.fallback(v.optional(wholeNumber, '0'), 0),
});

/** The failure that a message's attributes tell of; null when it never failed, or SQS itself moved it. */
export function readFailure(attributes: Readonly<Record<string, string>>): Failure | null {
  const parsed = v.safeParse(FailureAttributes, attributes);
  if (!parsed.success) return null;
  const { output } = parsed;
  const retryable =
    output.retryable === undefined ? passingCodes.has(output.error_code) : output.retryable === 'true';
  return {
    importId: output.import_id ?? null,
    attempts: output.attempts,
    firstFailedAt: output.first_failed_at,
    lastFailedAt: output.last_failed_at,
    error: { code: output.error_code, message: output.error_message, retryable },
    rounds: output.rounds,
  };
}

/**
 * A message of a dead-letter queue. `sentAt` is when it came there, as far as SQS tells; `movedBySqs` says that it was
 * moved by SQS, so that its attributes, if any, tell of a failure before it was redriven.
 */
export function readDeadLetter(
  stage: StageName,
  message: {
    messageId: string;
    body: string;
    attributes: Record<string, string>;
    sentAt: Date;
    movedBySqs: boolean;
  },
): DeadLetter {
  const noted = readFailure(message.attributes);
  const failure = noted === null || message.movedBySqs ? abandoned(message.sentAt, noted) : noted;
  return {
    message_id: message.messageId,
    import_id: failure.importId ?? importIdOfBody(stage, message.body),
    stage,
    attempts: failure.attempts,
    first_failed_at: failure.firstFailedAt,
    last_failed_at: failure.lastFailedAt,
    error: failure.error,
    body: message.body,
  };
}

/** The code of a message that SQS moved. */
export const stageAbandoned = 'STAGE_ABANDONED';

/** SQS moves a message by itself only when the function died each time, so nobody could say why. */
const abandoned = (sentAt: Date, earlier: Failure | null): Failure => ({
  importId: earlier?.importId ?? null,
  attempts: (earlier?.attempts ?? 0) + maxReceiveCount,
  firstFailedAt: earlier?.firstFailedAt ?? sentAt.toISOString(),
  lastFailedAt: sentAt.toISOString(),
  error: {
    code: stageAbandoned,
    message: 'The function timed out, ran out of memory or was stopped each time; its log shows which.',
    retryable: true,
  },
  rounds: earlier?.rounds ?? 0,
});

/** The import that a queue message is about, if it can be told. */
export function importIdOfBody(stage: StageName, body: string): ImportId | null {
  try {
    const message: unknown = JSON.parse(body);
    if (stages[stage].reads === null) return v.parse(ImportRequest, message).import_id;
    const [event] = splitNotification(message);
    const object = parseObjectCreated(event);
    return object && parseLibraryKey(object.key).importId;
  } catch {
    return null;
  }
}
