import { styleText } from 'node:util';
import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import { oneLine } from './plain-text.ts';

/** A column under its head. Whatever holds an id says nothing of how to fit, so that it stays whole. */
export type Column = {
  head: string;
  /** On a narrow terminal its cells are cut to as few columns of it as this. */
  shortensTo?: number;
  /** On a terminal that is narrower still it is left out: the lowest number first. */
  drops?: number;
};

type Cell = string | number;
const gap = '  ';

/**
 * Columns without lines around them, so that they can be copied and cut; numbers to the right. A row is one line.
 * @param width of the terminal, in columns; where ids alone need more, they get it.
 */
export function table(
  columns: readonly (string | Column)[],
  rows: readonly (readonly Cell[])[],
  width: number,
): string {
  const all = columns.map((column, at) => {
    const { head, ...fit } = typeof column === 'string' ? { head: column } : column;
    const cells = rows.map((row) => row[at] ?? '');
    const texts = cells.map((cell) => oneLine(String(cell)));
    const isNumeric = cells.length > 0 && cells.every((cell) => typeof cell === 'number');
    const natural = texts.reduce((widest, text) => Math.max(widest, stringWidth(text)), stringWidth(head));
    return { head, ...fit, texts, isNumeric, natural, width: natural };
  });
  const shown = fit(all, width);
  const line = (cellOf: (column: Fitted) => string, style = (text: string) => text) =>
    shown
      .map((column) => pad(style(shorten(cellOf(column), column)), column))
      .join(gap)
      .trimEnd();
  return [
    line(
      ({ head }) => head,
      (head) => styleText('bold', head),
    ),
    ...rows.map((_, at) => line(({ texts }) => texts[at] ?? '')),
  ].join('\n');
}

type Fitted = Omit<Column, 'head'> & {
  head: string;
  texts: string[];
  isNumeric: boolean;
  /** What its widest cell needs, and what it gets. */
  natural: number;
  width: number;
};

/** First what may be is shortened, the column with most to spare before others; then what may be is left out. */
function fit(columns: readonly Fitted[], limit: number): Fitted[] {
  const shown = columns.map((column) => ({ ...column, width: column.natural }));
  for (let excess = widthOf(shown) - limit; excess > 0; excess = widthOf(shown) - limit) {
    const widest = shown.toSorted((a, b) => spare(b) - spare(a))[0];
    if (widest === undefined || spare(widest) === 0) break;
    widest.width -= Math.min(excess, spare(widest));
  }
  if (widthOf(shown) <= limit) return shown;
  const [least] = columns.filter(({ drops }) => drops !== undefined).toSorted((a, b) => a.drops! - b.drops!);
  return least === undefined
    ? shown
    : fit(
        columns.filter((column) => column !== least),
        limit,
      );
}

const widthOf = (columns: readonly Fitted[]) =>
  columns.reduce((sum, { width }) => sum + width, gap.length * (columns.length - 1));

const spare = ({ shortensTo, width, head }: Fitted) =>
  shortensTo === undefined ? 0 : Math.max(0, width - Math.max(shortensTo, stringWidth(head)));

const shorten = (text: string, { width }: Fitted) => cliTruncate(text, width);

function pad(text: string, { width, isNumeric }: Fitted): string {
  const blanks = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return isNumeric ? blanks + text : text + blanks;
}
