import type { Command } from 'commander';
import wrapAnsi from 'wrap-ansi';
import { globalOptions } from '../global-options.ts';
import { harmless, harmlessJson } from './plain-text.ts';

export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/**
 * On stdout the value as JSON for programs (`--json`), else what `human` makes of it.
 * @param human is told how many columns there are.
 */
export function show(command: Command, value: unknown, human: (width: number) => string): void {
  const { json, wide } = globalOptions(command);
  print(json ? harmlessJson(value, 2) : harmless(human(widthOf(process.stdout, wide))));
}

/** A file or a pipe takes lines of any length, always the same; so does who asks for all (`--wide`). */
export const widthOf = (out: NodeJS.WriteStream, wide = false): number =>
  out.isTTY && !wide ? out.columns || 80 : Number.POSITIVE_INFINITY;

/** Prose on as many lines as it needs; those behind the first are indented. */
export const prose = (text: string, width: number, indent = ''): string =>
  width === Number.POSITIVE_INFINITY
    ? text
    : wrapAnsi(text, Math.max(20, width - indent.length)).replaceAll('\n', `\n${indent}`);
