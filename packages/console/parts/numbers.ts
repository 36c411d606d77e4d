/** Numbers and times as the reader's place writes them. */

const counts = new Intl.NumberFormat();
const tenths = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const percents = new Intl.NumberFormat(undefined, { style: 'percent' });
const moments = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const days = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'long' });

export const count = (number: number): string => counts.format(number);
export const percent = (share: number): string => percents.format(share);
export const moment = (iso: string): string => moments.format(new Date(iso));
/** A date without a time of day, such as a release. */
export const day = (iso: string): string => days.format(new Date(iso));

/** `1 game`, `2,000 games`. */
export const plural = (number: number, one: string, many = `${one}s`): string =>
  `${count(number)} ${number === 1 ? one : many}`;

/** `42 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms / 1000);
  if (seconds < 10) return `${tenths.format(seconds)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return (
    twoUnits(seconds, 60, 'min', 's') ??
    twoUnits(seconds / 60, 60, 'h', 'min') ??
    twoUnits(seconds / 3600, 24, 'd', 'h', true)!
  );
}

function twoUnits(smaller: number, size: number, unit: string, rest: string, isLast = false): string | null {
  const whole = Math.floor(smaller / size);
  if (!isLast && smaller >= size * 60) return null;
  const left = Math.floor(smaller % size);
  return left === 0 ? `${count(whole)} ${unit}` : `${count(whole)} ${unit} ${left} ${rest}`;
}

/** `1,234 h` for long, `45 min` for short times of play. */
export const playtime = (minutes: number): string =>
  minutes < 60
    ? `${count(minutes)} min`
    : `${minutes < 600 ? tenths.format(minutes / 60) : count(Math.round(minutes / 60))} h`;

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** `3 minutes ago`. */
export function ago(iso: string, now: number): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1000);
  const [unit, size] = units.find(([, each]) => Math.abs(seconds) >= each) ?? units.at(-1)!;
  return relative.format(Math.trunc(seconds / size), unit);
}
