import { stripVTControlCharacters, styleText } from 'node:util';
import type { Command } from 'commander';
import stringWidth from 'string-width';
import { globalOptions } from './operator.ts';

export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** On stdout the value as JSON for programs (`--json`), else what `human` makes of it. */
export function show(command: Command, value: unknown, human: () => string): void {
  print(globalOptions(command).json ? JSON.stringify(value, null, 2) : human());
}

/** Columns under a head, without lines around them, so that they can be copied and cut. A row is one line. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = rows.map((row) => row.map((cell) => oneLine(String(cell))));
  const widths = head.map((name, at) =>
    cells.reduce((width, row) => Math.max(width, stringWidth(row[at] ?? '')), stringWidth(name)),
  );
  return [head.map((name) => styleText('bold', name)), ...cells]
    .map((row) => row.map((cell, at) => cell + ' '.repeat(widths[at]! - stringWidth(cell))))
    .map((row) => row.join('  ').trimEnd())
    .join('\n');
}

/** Names and messages come from outside: nothing in them may move the cursor, or turn the line's direction. */
const oneLine = (text: string): string =>
  stripVTControlCharacters(text)
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, '');

/** `2026-11-23 10:30:11 UTC` */
export const moment = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;

/** `3 s`, `4 min`, `5 h`, `6 days` */
export function duration(seconds: number): string {
  const rounded = Math.max(0, Math.round(seconds));
  if (rounded < 120) return `${rounded} s`;
  if (rounded < 2 * 3600) return `${Math.round(rounded / 60)} min`;
  if (rounded < 2 * 86_400) return `${Math.round(rounded / 3600)} h`;
  return `${Math.round(rounded / 86_400)} days`;
}
