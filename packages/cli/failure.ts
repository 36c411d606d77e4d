import { explainToOperator, PipelineError, ValidationError } from '@savepoint/core/errors.ts';
import { CommanderError } from 'commander';

/** What a program that runs `savepoint` can tell from its exit code. */
export const exitCodes = {
  done: 0,
  /** The import failed, or something that no other code names. */
  failed: 1,
  /** Unusable input, or a stack that runs where it must be stopped; nothing was done. */
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
/** Nothing was done, and the person can change why. */
const usageCodes = ['DATA_DIR_IN_USE'];
const notFoundCodes = ['OBJECT_NOT_FOUND', 'FUNCTION_NOT_FOUND', 'SECRET_NOT_FOUND'];

export type ExplainedFailure = {
  exitCode: number;
  /** Stable, upper-snake. */
  code: string;
  sentence: string;
  /** Commander has said it already, except to programs. */
  isTold: boolean;
};

/** What a person and a program are told of a failure. */
export function explainFailure(error: unknown): ExplainedFailure {
  if (error instanceof CommanderError)
    return {
      exitCode: error.exitCode === 0 ? exitCodes.done : exitCodes.usage,
      code: codes[exitCodes.usage],
      sentence: error.message.replace(/^error: /, ''),
      isTold: true,
    };
  const told = (exitCode: ExitCode, sentence: string, code: string = codes[exitCode]) => ({
    exitCode,
    code,
    sentence,
    isTold: false,
  });
  if (error instanceof CommandFailure) return told(error.exitCode, error.message);
  if (error instanceof PipelineError) return told(exitCodeOf(error), sentenceOf(error), error.code);
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  if (name === 'ExitPromptError') return told(exitCodes.failed, 'Nothing was changed.');
  return told(exitCodes.failed, `Something unexpected went wrong: ${message}`, 'UNEXPECTED');
}

/** For what has no code of its own. */
const codes: Record<ExitCode, string> = {
  [exitCodes.done]: 'DONE',
  [exitCodes.failed]: 'FAILED',
  [exitCodes.usage]: 'USAGE',
  [exitCodes.notFound]: 'NOT_FOUND',
  [exitCodes.unreachable]: 'UNREACHABLE',
  [exitCodes.interrupted]: 'INTERRUPTED',
};

function exitCodeOf(error: PipelineError): ExitCode {
  if (notFoundCodes.includes(error.code)) return exitCodes.notFound;
  if (unreachableCodes.includes(error.code)) return exitCodes.unreachable;
  if (usageCodes.includes(error.code)) return exitCodes.usage;
  return error instanceof ValidationError ? exitCodes.usage : exitCodes.failed;
}

function sentenceOf(error: PipelineError): string {
  const { reason } = error.details;
  const other = unreachable[error.code];
  if (other !== undefined) return `${other} did not answer as it should${reason ? ` (${reason})` : ''}.`;
  return explainToOperator(error);
}
