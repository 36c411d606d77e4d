import stringWidth from 'string-width';

export type Style = { bold: boolean; dim: boolean; colour: string | null };
type Cell = { text: string; style: Style };
/** A part of a line in one style. */
export type Span = { text: string; style: Style };

const plain: Style = { bold: false, dim: false, colour: null };
const colours = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** What stands on a screen of so many columns, of any height, when all this was written to it. */
export function screenOf(written: string, columns: number): Span[][] {
  const lines: Cell[][] = [[]];
  let [row, column] = [0, 0];
  let style = plain;
  const put = (text: string) => {
    const width = stringWidth(text);
    if (column + width > columns) [row, column] = [row + 1, 0];
    while (lines.length <= row) lines.push([]);
    const line = lines[row]!;
    while (line.length < column) line.push({ text: ' ', style: plain });
    line[column] = { text, style };
    if (width === 2) line[column + 1] = { text: '', style };
    column += width;
  };
  const control = (parameters: string, letter: string) => {
    const number = Number(parameters) || 1;
    if (letter === 'A') row = Math.max(0, row - number);
    else if (letter === 'B') row += number;
    else if (letter === 'G') column = number - 1;
    else if (letter === 'K') lines[row]?.splice(parameters === '2' ? 0 : column);
    else if (letter === 'J') {
      lines.splice(row + 1);
      lines[row]?.splice(column);
    } else if (letter === 'm') style = restyled(style, parameters);
  };
  for (const [all, parameters, letter] of written.matchAll(
    /\u001b\[([?\d;]*)([A-Za-z])|\u001b\][^\u0007]*\u0007|[\s\S]/gu,
  )) {
    if (letter !== undefined) control(parameters!, letter);
    else if (all === '\r') column = 0;
    else if (all === '\n') row += 1;
    else if (all >= ' ') put(all);
  }
  return Array.from({ length: Math.max(lines.length, row) }, (_, at) => spansOf(lines[at] ?? []));
}

/** The same without its styles. */
export const textOf = (lines: readonly Span[][]): string =>
  `${lines
    .map((line) =>
      line
        .map(({ text }) => text)
        .join('')
        .trimEnd(),
    )
    .join('\n')
    .trimEnd()}\n`;

function restyled(style: Style, parameters: string): Style {
  let next = style;
  for (const code of parameters.split(';').map(Number)) {
    if (code === 0) next = plain;
    else if (code === 1) next = { ...next, bold: true };
    else if (code === 2) next = { ...next, dim: true };
    else if (code === 22) next = { ...next, bold: false, dim: false };
    else if (code >= 30 && code <= 37) next = { ...next, colour: colours[code - 30]! };
    else if (code === 39) next = { ...next, colour: null };
  }
  return next;
}

function spansOf(cells: readonly Cell[]): Span[] {
  const spans: Span[] = [];
  for (const { text, style } of cells) {
    const last = spans.at(-1);
    if (last && last.style === style) last.text += text;
    else spans.push({ text, style });
  }
  return spans;
}
