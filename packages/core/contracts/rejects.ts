import { type Reject, writeCsvRows } from './csv.ts';

/** `rejects/…csv`: the rows of a library file that could not be taken, with their line and reason. */
export const writeRejects = (rejects: readonly Reject[]): string =>
  writeCsvRows([
    ['line', 'reason', 'record'],
    ...rejects.map(({ line, reason, record }) => [line, reason, record]),
  ]);
