/**
 * Every failure that the pipeline knows by name. `retryable` decides what happens to the message:
 * a retryable one returns to its queue after a delay, a permanent one goes to the dead-letter queue at once.
 */

export type ErrorDetails = Readonly<Record<string, string | number | boolean | null>>;

export type ErrorOptions = {
  /** Whether the same call may succeed later without anybody changing anything. */
  retryable: boolean;
  /** What the operator should look at or do, where `message` speaks to the person whose library it is. */
  operatorHint?: string;
  /** Seconds the other side asked us to wait (HTTP `Retry-After`). */
  retryAfterSeconds?: number;
  /** Facts for the log. Never a secret, never a URL with a query string. */
  details?: ErrorDetails;
  cause?: unknown;
};

export class PipelineError extends Error {
  // Written out, because a minified bundle renames classes.
  override readonly name: string = 'PipelineError';
  readonly code: string;
  readonly retryable: boolean;
  readonly operatorHint: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly details: ErrorDetails;

  /** @param code stable, upper-snake. @param message one sentence that a person can act on. */
  constructor(code: string, message: string, options: ErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable;
    this.operatorHint = options.operatorHint;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.details = options.details ?? {};
  }
}

export class SteamApiError extends PipelineError {
  override readonly name = 'SteamApiError';
}

export class IgdbApiError extends PipelineError {
  override readonly name = 'IgdbApiError';
}

export class StorageError extends PipelineError {
  override readonly name = 'StorageError';
}

export class DatabaseError extends PipelineError {
  override readonly name = 'DatabaseError';
}

/** Input that no retry can mend: a bad request, key, message or file. Never retryable. */
export class ValidationError extends PipelineError {
  override readonly name = 'ValidationError';

  constructor(code: string, message: string, options: Omit<ErrorOptions, 'retryable'> = {}) {
    super(code, message, { ...options, retryable: false });
  }
}

/**
 * Work that ran out of its invocation's time while it got on. What was done is kept, and the next invocation goes on
 * from there: neither a failed attempt nor one of those that a message has.
 */
export class UnfinishedWork extends PipelineError {
  override readonly name = 'UnfinishedWork';
}

/** Anything thrown, as a PipelineError. What nobody foresaw is retryable, so that it is never lost. */
export function toPipelineError(thrown: unknown): PipelineError {
  if (thrown instanceof PipelineError) return thrown;
  return new PipelineError('UNEXPECTED', 'Something unexpected went wrong; the import will be tried again.', {
    retryable: true,
    cause: thrown,
    details: { reason: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown) },
  });
}

/** What an operator reads in a terminal. Of the database's faults the hint is the whole sentence. */
export function explainToOperator(error: PipelineError): string {
  const { message, operatorHint } = error;
  if (operatorHint === undefined) return message;
  return error instanceof DatabaseError ? operatorHint : `${message} ${operatorHint}`;
}
