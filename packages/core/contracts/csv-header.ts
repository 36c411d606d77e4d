import Papa from 'papaparse';
import { ValidationError } from '../errors.ts';

/** The other names of a column in people's files. Case, spaces and punctuation do not count. */
export type ColumnAliases = {
  /** Names that mean the same. */
  same?: readonly string[];
  /** Names of the same in hours, where the column is in minutes. */
  inHours?: readonly string[];
  /** Names that mean it where no better one is there. */
  weak?: readonly string[];
};
export type CsvColumn = { name: string; aliases?: ColumnAliases | undefined };

export type CsvHeader = {
  delimiter: string;
  /** Each column's name as the file spells it. */
  fields: readonly string[];
  /** For each field what it is; null for one that is left aside. */
  columns: readonly ({ name: string; inHours: boolean } | null)[];
  /** The file puts a space behind each delimiter, also before a quote. */
  spaced: boolean;
};

/** In the order in which they are tried. */
const delimiters = [',', ';', '\t'];
/** A header longer than this is a quote that never closes. */
const maxHeaderChars = 1024 * 1024;

/**
 * Finds the header at the start of `text`, and by it the delimiter.
 * @param told the delimiter, where a `sep=` line named it. @param final no more text follows.
 * @returns the header and where it ends; undefined while it is incomplete.
 * @throws ValidationError CSV_HEADER_INVALID
 */
export function findHeader(
  text: string,
  final: boolean,
  columns: readonly CsvColumn[],
  told: string | undefined,
): { header: CsvHeader; end: number } | undefined {
  if (!final && !text.includes('\n')) return whileShort(text);
  const tried = (told === undefined ? delimiters : [told]).map((delimiter) => ({
    delimiter,
    record: firstRecord(text, delimiter, final),
  }));
  for (const { delimiter, record } of tried)
    if (typeof record === 'object' && understand(record.fields, columns)[0] !== null)
      return { header: headerOf(record.fields, delimiter, columns), end: record.end };
  if (tried.some(({ record }) => record === 'incomplete')) return whileShort(text);
  const whole = tried
    .map(({ record }) => record)
    .find((record, index) => typeof record === 'object' && (index === 0 || record.fields.length > 1));
  if (typeof whole !== 'object') throw unclosedQuote();
  throw new ValidationError(
    'CSV_HEADER_INVALID',
    `The header row lacks the column ${columns[0]!.name}; it begins with “${whole.fields.join(',').slice(0, 80)}”. The first line must name the columns, separated by commas, semicolons or tabs.`,
  );
}

/** Nothing is found yet, and the end of a header is still to be expected. */
function whileShort(text: string): undefined {
  if (text.length > maxHeaderChars) throw unclosedQuote();
}

const unclosedQuote = () =>
  new ValidationError('CSV_HEADER_INVALID', 'The header row has a quote that is never closed.');

function firstRecord(
  text: string,
  delimiter: string,
  final: boolean,
): { fields: string[]; end: number } | 'incomplete' | 'broken' {
  let found: ReturnType<typeof firstRecord> = 'incomplete';
  const parser = new Papa.Parser({
    delimiter,
    newline: '\n',
    step: ({ data, errors, meta }: Papa.ParseStepResult<string[][]>) => {
      found = errors.length > 0 ? 'broken' : { fields: data[0]!, end: meta.cursor };
      parser.abort();
    },
  });
  parser.parse(text, 0, !final);
  return found;
}

function headerOf(fields: readonly string[], delimiter: string, columns: readonly CsvColumn[]): CsvHeader {
  const meanings = new Map<number, { name: string; inHours: boolean }>();
  for (const [index, found] of understand(fields, columns).entries()) {
    if (found === null) continue;
    const { name } = columns[index]!;
    const [first, second] = found.at;
    if (second !== undefined)
      throw new ValidationError(
        'CSV_HEADER_INVALID',
        `The header row names the column ${name} twice: as “${fields[first]!.trim()}” and as “${fields[second]!.trim()}”. Keep one of them.`,
      );
    meanings.set(first, { name, inHours: found.inHours });
  }
  return {
    delimiter,
    fields: fields.map((field) => field.trim()),
    columns: fields.map((_field, index) => meanings.get(index) ?? null),
    spaced: fields.slice(1).some((field) => field.startsWith(' ')),
  };
}

type Understood = { at: [number, ...number[]]; inHours: boolean };

/** For each column the fields that mean it, by its best name that the header has. */
function understand(fields: readonly string[], columns: readonly CsvColumn[]): (Understood | null)[] {
  const exact = placesOf(fields.map((field) => field.trim().toLowerCase()));
  const loose = placesOf(fields.map(keyOf));
  return columns.map(({ name, aliases = {} }) => {
    const places = (names: readonly string[]) => names.flatMap((one) => loose.get(keyOf(one)) ?? []);
    const tiers = [
      { at: exact.get(name) ?? [], inHours: false },
      { at: places([name, ...(aliases.same ?? [])]), inHours: false },
      { at: places(aliases.inHours ?? []), inHours: true },
      { at: places(aliases.weak ?? []), inHours: false },
    ];
    return tiers.find((tier): tier is Understood => tier.at.length > 0) ?? null;
  });
}

function placesOf(keys: readonly string[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [index, key] of keys.entries()) places.set(key, [...(places.get(key) ?? []), index]);
  return places;
}

/** `App ID`, `app_id` and `appID` are one name. */
export const keyOf = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
