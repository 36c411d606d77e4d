/** Dates as people's programs write them, read where the order of day and month is beyond doubt. */

/** A moment to the second; `day` as it is written, whatever the zone. */
export type WrittenDate = { day: string; unixSeconds: number };

const clock = String.raw`(?:[T\s]\s*(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,]\d+)?)?\s*(?<half>[ap]m)?\s*(?<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?`;
const forms = [
  String.raw`(?<year>\d{4})[-/](?<month>\d{1,2})[-/](?<date>\d{1,2})`,
  String.raw`(?<date>\d{1,2})\s(?<month>[a-z]{3,9})\.?,?\s(?<year>\d{4}),?`,
  String.raw`(?<month>[a-z]{3,9})\.?\s(?<date>\d{1,2}),?\s(?<year>\d{4}),?`,
].map((day) => new RegExp(`^${day}${clock}$`, 'i'));

const months = ['january', 'february', 'march', 'april', 'may', 'june', 'july'].concat([
  'august',
  'september',
  'october',
  'november',
  'december',
]);

/** `2025-01-30 07:03:20`, `2025-01-30T07:03:20+01:00`, `30 Jan 2025`, `Jan 30, 2025 7:03 AM`; without a zone in UTC. */
export function readDate(text: string): WrittenDate | undefined {
  for (const form of forms) {
    const groups = form.exec(text.trim())?.groups;
    if (groups) return dateOf(groups);
  }
  return undefined;
}

function dateOf(groups: Record<string, string | undefined>): WrittenDate | undefined {
  const { year = '', month = '', date = '', minute = '0', second = '0', zone = 'Z' } = groups;
  const monthNumber = /^\d/.test(month)
    ? Number(month)
    : months.findIndex((name) => name.startsWith(month.toLowerCase())) + 1;
  const day = [year, monthNumber, date].map((part) => String(part).padStart(2, '0')).join('-');
  const midnight = new Date(`${day}T00:00:00Z`);
  // A day that no month has becomes another day.
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(day) || day < '0001')
    return undefined;
  const hour = hourOf(groups);
  if (!(hour <= 23) || Number(minute) > 59 || Number(second) > 60) return undefined;
  const seconds = hour * 3600 + Number(minute) * 60 + Number(second) - offsetSeconds(zone);
  return { day, unixSeconds: midnight.getTime() / 1000 + seconds };
}

function hourOf({ hour = '0', half }: Record<string, string | undefined>): number {
  if (half === undefined) return Number(hour);
  if (Number(hour) < 1 || Number(hour) > 12) return Number.NaN;
  return (Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
}

function offsetSeconds(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  if (sign === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}
