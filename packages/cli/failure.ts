import { explainToOperator, PipelineError, ValidationError } from '@savepoint/core/errors.ts';
import { CommanderError } from 'commander';

/** What a program that runs `savepoint` can tell from its exit code. */
export const exitCodes = {
  done: 0,
  /** The import failed, or something that no other code names. */
  failed: 1,
  /** Unusable input; nothing was done. */
  usage: 2,
  /** No such import, object, message or override. */
  notFound: 3,
  /** The stack, AWS, the HTTP API or the database cannot be reached or does not let us in. */
  unreachable: 4,
  /** Ctrl-C, as shells count it. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A failure that a command found out itself. @param message one sentence that says what to do. */
export class CommandFailure extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** What did not answer, by the code of the error that says so. */
const unreachable: Readonly<Record<string, string>> = {
  STORAGE_UNAVAILABLE: 'S3',
  QUEUE_UNAVAILABLE: 'SQS',
};
const unreachableCodes = [
  ...Object.keys(unreachable),
  ...['SECRET_UNAVAILABLE', 'SECRET_EMPTY', 'LOGS_UNAVAILABLE', 'FUNCTION_UNAVAILABLE', 'NOT_SIGNED_IN'],
  ...['UNAVAILABLE', 'NOT_FOUND', 'TLS_FAILED', 'AUTH_FAILED'].map((code) => `DATABASE_${code}`),
];
const notFoundCodes = ['OBJECT_NOT_FOUND', 'FUNCTION_NOT_FOUND', 'SECRET_NOT_FOUND'];

/** The exit code and the sentence for stderr; null where commander has said it already. */
export function explainFailure(error: unknown): { exitCode: number; sentence: string | null } {
  if (error instanceof CommanderError)
    return { exitCode: error.exitCode === 0 ? exitCodes.done : exitCodes.usage, sentence: null };
  if (error instanceof CommandFailure) return { exitCode: error.exitCode, sentence: error.message };
  if (error instanceof PipelineError) return { exitCode: exitCodeOf(error), sentence: sentenceOf(error) };
  if (error instanceof Error && error.name === 'ExitPromptError')
    return { exitCode: exitCodes.failed, sentence: 'Nothing was changed.' };
  const reason = error instanceof Error ? error.message : String(error);
  return { exitCode: exitCodes.failed, sentence: `Something unexpected went wrong: ${reason}` };
}

function exitCodeOf(error: PipelineError): ExitCode {
  if (notFoundCodes.includes(error.code)) return exitCodes.notFound;
  if (unreachableCodes.includes(error.code)) return exitCodes.unreachable;
  return error instanceof ValidationError ? exitCodes.usage : exitCodes.failed;
}

function sentenceOf(error: PipelineError): string {
  const { reason } = error.details;
  const other = unreachable[error.code];
  if (other !== undefined) return `${other} did not answer as it should${reason ? ` (${reason})` : ''}.`;
  return explainToOperator(error);
}
