/**
 * What people's programs write into a cell, read where it can mean one thing only. Each reader answers undefined where
 * it cannot be sure.
 */

/** The largest number that PostgreSQL's `integer` holds. */
export const maxInteger = 2_147_483_647;

/** What spreadsheets and other programs write where they know nothing. */
const gap = /^(nan|n\/a|#n\/a|<na>|nat|null|none|nil|[-–—+?]+)$/i;
const startsWithDigit = /^\d/;
/** Those of them that are nobody's name. */
const gapInText = /^(nan|NaN|n\/a|N\/A|#N\/A|<NA>)$/;

export function isGap(text: string): boolean {
  if (text === '' || startsWithDigit.test(text)) return text === '';
  const value = bare(text);
  return value === '' || gap.test(value);
}
export const isGapInText = (text: string): boolean => text.trim() === '' || gapInText.test(text.trim());

/** Without what spreadsheets put around a value to keep it as it is: `="620"`, `'620`. */
function bare(text: string): string {
  const trimmed = text.trim();
  return (/^="(.*)"$/s.exec(trimmed)?.[1] ?? trimmed.replace(/^'/, '')).trim();
}

type Digits = { whole: string; fraction: string; exponent: number | null };

/** Most numbers, and the only ones that are written by the pipeline itself. */
const plainDigits = /^\d{1,9}$/;
const plainNumber = /^\+?(?<whole>\d{1,15})(?:[.,](?<fraction>\d{1,20}))?(?:e(?<exponent>[+-]?\d{1,3}))?$/i;
/** `1,234`, and `1.234` elsewhere: thousands in one country, a fraction in another. */
const isThousandsOrFraction = /^\+?[1-9]\d{0,2}[.,]\d{3}$/;
const grouped = [
  /^\+?(?<whole>\d{1,3}(?:,\d{3})+)(?:\.(?<fraction>\d{1,15}))?$/,
  /^\+?(?<whole>\d{1,3}(?:\.\d{3})+),(?<fraction>\d{1,15})$/,
  /^\+?(?<whole>\d{1,3}(?:\.\d{3}){2,})$/,
  /^\+?(?<whole>\d{1,3}(?:[\s'’]\d{3})+)(?:[.,](?<fraction>\d{1,15}))?$/,
];

function digitsOf(text: string): Digits | undefined {
  for (const form of [...grouped, plainNumber]) {
    const { whole, fraction = '', exponent } = form.exec(text)?.groups ?? {};
    if (whole !== undefined)
      return { whole: whole.replace(/\D/g, ''), fraction, exponent: exponent ? Number(exponent) : null };
  }
  return undefined;
}

const numberOf = ({ whole, fraction, exponent }: Digits): number =>
  Number(`${whole}.${fraction || '0'}e${exponent ?? 0}`);

/** `4.4E+02` may have been 438; `4.40E+02` is 440. */
const spellsEveryDigit = ({ fraction, exponent }: Digits): boolean =>
  exponent === null || fraction.length >= exponent;

/**
 * A number from 0 to `maxInteger` of something that is counted: `597`, `597.0`, `1,234`, `1 234`, `="620"`.
 * @param rounded whether `4.4E+02` is good enough: never for an id, which would be somebody else's.
 */
export function readWhole(text: string, rounded = false): number | undefined {
  if (plainDigits.test(text)) return Number(text);
  const value = bare(text);
  // Here `1,234` are thousands; `1.234` may be 1234 or a fraction.
  if (isThousandsOrFraction.test(value) && value.includes('.')) return undefined;
  const digits = digitsOf(value);
  if (!digits || !(rounded || spellsEveryDigit(digits))) return undefined;
  const number = numberOf(digits);
  return Number.isInteger(number) && number <= maxInteger ? number : undefined;
}

/** Whether a spreadsheet has cut off the last digits of the number. */
export function isCut(text: string): boolean {
  const digits = /e/i.test(text) ? digitsOf(bare(text)) : undefined;
  return digits !== undefined && !spellsEveryDigit(digits);
}

/** A number that may have a fraction: `4.72`, `4,72`, `1,234.5`. */
export function readDecimal(text: string): number | undefined {
  const value = bare(text);
  if (isThousandsOrFraction.test(value) && value.includes(',')) return undefined;
  const digits = digitsOf(value);
  return digits && numberOf(digits);
}

const duration =
  /^(?:(?<hours>\+?\d[\d.,\s'’e+-]*?)\s*(?:h|hrs?|hours?)\.?)?\s*(?:(?<minutes>\d[\d.,]*?)\s*(?:m|mins?|minutes?)\.?)?$/i;

/** Minutes: a bare number, or one that names its units: `90 min`, `1.5 h`, `12h 30m`. */
export function readMinutes(text: string): number | undefined {
  if (plainDigits.test(text)) return Number(text);
  const { hours, minutes } = duration.exec(bare(text))?.groups ?? {};
  if (hours === undefined && minutes === undefined) return readWhole(text, true);
  const hoursRead = hours === undefined ? 0 : readDecimal(hours);
  const minutesRead = minutes === undefined ? 0 : readDecimal(minutes);
  if (hoursRead === undefined || minutesRead === undefined) return undefined;
  const sum = Math.round(hoursRead * 60 + minutesRead);
  return sum <= maxInteger ? sum : undefined;
}

/** A cell of a column in hours, for `readMinutes`: with its unit, unless it names one itself. */
export function inHours(text: string): string {
  const value = bare(text);
  return /\d$/.test(value) ? `${value} h` : value;
}
