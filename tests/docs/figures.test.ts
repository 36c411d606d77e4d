import { benches } from '../../bench/benches.ts';
import { printTarget, readNumber, verdictOf } from '../../bench/figure.ts';
import { sectionOf } from '../../bench/pages.ts';
import { tableHead } from '../../bench/table.ts';
import { read } from './markdown.ts';

type Row = { figure: string; against: string; measured: string; target: string; verdict: string };

const rowsOf = (section: string): Row[] =>
  section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => {
      const cells = line.split('|').slice(1, -1);
      return Object.fromEntries(tableHead.map((name, index) => [name, cells[index]!.trim()])) as Row;
    })
    .slice(2);

describe.each(benches)('the figures of $name', ({ name, page, figures }) => {
  const section = sectionOf(read(page), name);
  const rows = rowsOf(section);

  test(`stand in ${page}, all of them, with what they are compared with and their targets`, () => {
    expect(rows.map(({ figure, against, target }) => ({ figure, against, target }))).toEqual(
      figures.map((figure) => ({
        figure: figure.figure,
        against: figure.against ?? '',
        target: printTarget(figure),
      })),
    );
  });

  test('are judged as they were measured, and what is missed has its reason', () => {
    for (const [index, figure] of figures.entries()) {
      const { measured, verdict } = rows[index]!;
      expect({ figure: figure.figure, verdict: verdict.replace(/ \[\d+\]$/, '') }).toEqual({
        figure: figure.figure,
        verdict: verdictOf(figure, readNumber(measured)),
      });
      if (verdict.startsWith('missed')) expect(figure.reason).toBeDefined();
    }
  });
});
