import { styleText } from 'node:util';
import Table from 'cli-table3';
import type { Command } from 'commander';
import { globalOptions } from './operator.ts';

export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** On stdout the value as JSON for programs (`--json`), else what `human` makes of it. */
export function show(command: Command, value: unknown, human: () => string): void {
  print(globalOptions(command).json ? JSON.stringify(value, null, 2) : human());
}

/** Columns under a head, without lines around them, so that they can be copied and cut. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const grid = new Table({
    head: head.map((name) => styleText('bold', name)),
    chars: noLines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  });
  grid.push(...rows.map((row) => [...row]));
  return grid
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

const noLines = Object.fromEntries(
  [
    ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
    ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'],
  ].map((part) => [part, '']),
);

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
