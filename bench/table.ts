import { type Figure, type Measured, printTarget, printValue, type Result, verdictOf } from './figure.ts';
import { markdownTable } from './report.ts';

/** What was measured of these figures, in their order. */
export const resultsOf = (
  figures: readonly Figure[],
  measured: Readonly<Record<string, Measured>>,
): Result[] =>
  figures.flatMap((figure) => {
    const found = measured[figure.figure];
    return found ? [{ ...figure, ...found, verdict: verdictOf(figure, found.value) }] : [];
  });

export const tableHead = ['figure', 'against', 'measured', 'target', 'verdict'];

/** One table, with a footnote for each target that is missed. */
export function figuresTable(results: readonly Result[]): string {
  const missed = results.filter(({ verdict }) => verdict === 'missed');
  const mark = (result: Result) =>
    result.verdict === 'missed' ? `missed [${missed.indexOf(result) + 1}]` : result.verdict;
  const table = markdownTable([
    tableHead,
    ...results.map((result) => [
      result.figure,
      result.against ?? '',
      printValue(result.unit, result.value) + (result.detail ? ` (${result.detail})` : ''),
      printTarget(result),
      mark(result),
    ]),
  ]);
  const notes = missed.map(
    ({ reason }, index) => `[${index + 1}] ${reason ?? 'The reason is not known yet.'}`,
  );
  return [table, ...notes].join('\n\n');
}
