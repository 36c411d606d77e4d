import { availableParallelism, cpus, loadavg } from 'node:os';

/** A markdown table; the first row is its head. */
export const markdownTable = ([head = [], ...rows]: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** When and on what the figures were measured, and how busy it was with other things. */
export const measuredOn = (): string =>
  `${new Date().toISOString().slice(0, 10)}, ${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.versions.node}, ${process.platform}, load ${loadavg()[0]!.toFixed(1)}.`;

export const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;

export const seconds = (value: number): string =>
  value >= 100 ? `${Math.round(value).toLocaleString('en')} s` : `${value.toFixed(value < 10 ? 2 : 1)} s`;
export const count = (value: number): string => Math.round(value).toLocaleString('en');
