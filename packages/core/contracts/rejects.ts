import { type Reject, readCsv, writeCsvRows } from './csv.ts';

/** Bad rows that are kept word for word; of a file that is worse only their number is told. */
export const maxKeptRejects = 10_000;

/** A file's bad rows: the first of them, and how many there are. A file of bad rows alone must not fill the memory. */
export class RejectedRows {
  readonly first: Reject[] = [];
  count = 0;

  add(rejects: readonly Reject[]): void {
    this.count += rejects.length;
    for (const reject of rejects) {
      if (this.first.length >= maxKeptRejects) return;
      this.first.push(reject);
    }
  }
}

/** `rejects/…csv`: the rows of a file that could not be taken, with their line and reason. */
export function writeRejects({ first, count }: RejectedRows): string {
  const more = count - first.length;
  return writeCsvRows([
    ['line', 'reason', 'record'],
    ...first.map(({ line, reason, record }) => [line, reason, record]),
    ...(more > 0 ? [['', `${more.toLocaleString('en')} more rows could not be used`, '']] : []),
  ]);
}

const columns = [{ name: 'line' }, { name: 'reason' }, { name: 'record' }] as const;

/** Reads it back. The line that tells of more has the line 0. */
export async function readRejects(file: AsyncIterable<Uint8Array>): Promise<Reject[]> {
  const rejects: Reject[] = [];
  for await (const { records } of readCsv(file, columns))
    for (const { values } of records)
      rejects.push({ line: Number(values.line), reason: values.reason ?? '', record: values.record ?? '' });
  return rejects;
}
