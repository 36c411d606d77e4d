import { count, seconds } from './report.ts';

/** What is measured, against what, and what it should come to. */

export type Unit = 'ratio' | 'seconds' | 'milliseconds' | 'megabytes' | 'kilobytes' | 'count' | 'per-second';
export type Target = { atMost: number } | { below: number } | { atLeast: number };

export type Figure = {
  /** `first import, 10,000 rows`; unique within its bench. */
  figure: string;
  /** What it is compared with, in words: `COPY`. */
  against?: string;
  unit: Unit;
  /** None: it is told, not judged. */
  target?: Target;
  /** Left out with `--quick`. */
  slow?: true;
  /** Why the target is missed, where that is known. */
  reason?: string;
};

/** `detail` stands behind the value: `1.36 s / 1.31 s`. */
export type Measured = { value: number; detail?: string };
export type Verdict = 'met' | 'missed' | '';
/** A figure that was measured. */
export type Result = Figure & Measured & { verdict: Verdict };

const printers: Record<Unit, (value: number) => string> = {
  ratio: (value) => `${value.toFixed(value < 10 ? 2 : 1)} ×`,
  seconds,
  milliseconds: (value) => `${count(value)} ms`,
  megabytes: (value) => `${value.toFixed(value < 10 ? 2 : 0)} MB`,
  kilobytes: (value) => `${count(value)} KB`,
  count,
  'per-second': (value) => `${value.toFixed(1)} / s`,
};
const targetPrinters: Record<Unit, (value: number) => string> = {
  ratio: (value) => `${value} ×`,
  seconds: (value) => `${value} s`,
  milliseconds: (value) => `${value} ms`,
  megabytes: (value) => `${value} MB`,
  kilobytes: (value) => `${count(value)} KB`,
  count,
  'per-second': (value) => `${value} / s`,
};

export const printValue = (unit: Unit, value: number): string => printers[unit](value);

export function printTarget({ unit, target }: Figure): string {
  if (target === undefined) return '';
  const [sign, value] =
    'atMost' in target
      ? ['≤', target.atMost]
      : 'below' in target
        ? ['<', target.below]
        : ['≥', target.atLeast];
  return `${sign} ${targetPrinters[unit](value)}`;
}

/** Of the value as it is printed, so that a table never contradicts itself. */
export function verdictOf({ unit, target }: Figure, value: number): Verdict {
  if (target === undefined) return '';
  const shown = readNumber(printValue(unit, value));
  const isMet =
    'atMost' in target
      ? shown <= target.atMost
      : 'below' in target
        ? shown < target.below
        : shown >= target.atLeast;
  return isMet ? 'met' : 'missed';
}

/** The number that a printed value begins with. */
export const readNumber = (printed: string): number => Number.parseFloat(printed.replaceAll(',', ''));
