import * as v from 'valibot';
import { readDate } from './cell-date.ts';
import { isGap, isGapInText, maxInteger, readDecimal, readMinutes, readWhole, isCut } from './cell-text.ts';
import { cleanLine, cleanText } from './clean-text.ts';

/**
 * One kind of value, in every form in which it comes and goes. What `fromJson` gives, `write` writes and `fromText`
 * reads again as the same value.
 */
export type Cell<Value> = {
  /** A CSV cell; undefined where the file lacks the column. Refuses with a message that follows the column's name. */
  fromText: v.GenericSchema<string | undefined, Value>;
  /** Any JSON value, as an API or a checkpoint tells it. */
  fromJson: v.GenericSchema<unknown, Value>;
  write(value: Value): string | number | null;
};

export { maxInteger };
const integerMessage = `is not a whole number from 0 to ${maxInteger}`;
export const integerJson = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(0),
  v.maxValue(maxInteger),
  // There is no -0 in a file.
  v.transform((number) => number + 0),
);

/** A cell that `read` understands, undefined where it does not. */
export const readable = <Value>(read: (text: string) => Value | undefined, message: string) =>
  v.pipe(
    v.string('is missing'),
    v.transform(read),
    v.guard((value): value is Value => value !== undefined, message),
  );

/** A field that may be absent or tell nothing (null); otherwise it must satisfy `schema`. */
export const nullable = <Output>(schema: v.GenericSchema<string, Output>, tellsNothing = isGap) =>
  v.pipe(
    v.optional(v.string(), ''),
    v.transform((field) => (tellsNothing(field) ? null : field)),
    v.nullable(schema),
  );
const nullableText = <Output>(schema: v.GenericSchema<string, Output>) => nullable(schema, isGapInText);

/** Null where nothing is said, or something that the cell cannot hold. */
const orNull = <Output>(schema: v.GenericSchema<unknown, Output>) =>
  v.fallback(v.nullish(schema, null), null);

const plain = <Value extends string | number | null>(value: Value): Value => value;

/** Refused rather than rounded: another number is somebody else's. */
export const requiredId = v.pipe(
  v.string('is missing'),
  v.check((text) => !isCut(text), 'has lost its last digits in a spreadsheet and may have been another one'),
  readable((text) => readWhole(text), integerMessage),
  v.minValue(1, 'must be at least 1'),
);
export const idJson = v.pipe(integerJson, v.minValue(1));

/** A number of Steam or IGDB that names something; there is none without it. */
export const id: Cell<number> = { fromText: requiredId, fromJson: idJson, write: plain };

export const optionalId: Cell<number | null> = {
  fromText: nullable(requiredId),
  fromJson: orNull(idJson),
  write: plain,
};

export const integer: Cell<number | null> = {
  fromText: nullable(readable((text) => readWhole(text), integerMessage)),
  fromJson: orNull(integerJson),
  write: plain,
};

/** Played minutes; a cell may name its unit: `12h 30m`. */
export const minutes: Cell<number | null> = {
  ...integer,
  fromText: nullable(readable(readMinutes, integerMessage)),
};

const controlCharacter = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
/** Text that PostgreSQL can store: no NUL or other control characters, no lone surrogates. */
export const cleanTextOf = (maxLength: number) =>
  v.pipe(
    v.string(),
    v.trim(),
    // Put into words when it is needed: the first number written so loads the languages, which takes 10 ms of a start.
    v.maxLength(maxLength, () => `is longer than ${maxLength.toLocaleString('en')} characters`),
    v.check((value) => !controlCharacter.test(value), 'holds a NUL or another control character'),
    v.check((value) => value.isWellFormed(), 'holds half of a Unicode character'),
  );

const cleaned = (clean: (text: string, maxLength: number) => string | null, maxLength: number) =>
  v.pipe(
    v.string(),
    v.transform((text) => clean(text, maxLength)),
    v.transform((text) => (text === null || isGapInText(text) ? null : text)),
  );

/** One line of text. */
export const line = (maxLength: number): Cell<string | null> => ({
  fromText: nullableText(cleanTextOf(maxLength)),
  fromJson: orNull(cleaned(cleanLine, maxLength)),
  write: plain,
});

/** Text that may have several lines. */
export const prose = (maxLength: number): Cell<string | null> => ({
  ...line(maxLength),
  fromJson: orNull(cleaned(cleanText, maxLength)),
});

export const oneOf = <const Options extends readonly string[]>(
  options: Options,
): Cell<Options[number] | null> => ({
  fromText: nullable(
    readable(
      (text) => options.find((option) => option.toLowerCase() === text.trim().toLowerCase()),
      `is none of ${options.join(', ')}`,
    ),
  ),
  fromJson: orNull(v.picklist(options)),
  write: plain,
});

/** @param decimals with more of them, small numbers would be written with an exponent. */
const fraction = (most: number, decimals: number): Cell<number | null> => ({
  fromText: nullable(
    readable((text) => {
      const number = readDecimal(text);
      return number !== undefined && number <= most ? number : undefined;
    }, `is not a number from 0 to ${most}`),
  ),
  fromJson: orNull(
    v.pipe(
      v.number(),
      v.minValue(0),
      v.maxValue(most),
      v.transform((number) => Math.round(number * 10 ** decimals) / 10 ** decimals + 0),
    ),
  ),
  write: plain,
});

/** A number from 0 to 1. */
export const share = fraction(1, 6);
/** A number from 0 to 100, as people rate. */
export const percent = fraction(100, 2);

const dayText = readable((text) => readDate(text)?.day, 'is not a day written as YYYY-MM-DD');
/** `YYYY-MM-DD`, a day that exists. */
export const day: Cell<string | null> = {
  fromText: nullable(dayText),
  fromJson: orNull(dayText),
  write: plain,
};

/** `steam|igdb`; an empty cell is an empty list. */
export const wordList: Cell<readonly string[]> = {
  fromText: v.pipe(
    nullable(
      v.pipe(
        v.string(),
        v.trim(),
        v.regex(/^[a-z]{1,20}(\|[a-z]{1,20}){0,9}$/, 'is not a list of words separated by |'),
      ),
    ),
    v.transform((list) => (list === null ? [] : list.split('|'))),
  ),
  fromJson: v.fallback(v.pipe(v.array(v.pipe(v.string(), v.regex(/^[a-z]{1,20}$/))), v.maxLength(10)), []),
  write: (words) => words.join('|'),
};

/** `12|345`; an empty cell is an empty list. */
export const idList: Cell<readonly number[]> = {
  fromText: v.pipe(
    nullable(
      v.pipe(
        v.string(),
        v.transform((list) => list.split('|')),
        v.array(requiredId, 'is not a list of ids separated by |'),
      ),
    ),
    v.transform((ids) => ids ?? []),
  ),
  fromJson: v.fallback(v.array(idJson), []),
  write: (ids) => ids.join('|'),
};

/** `12|345`, `0` for none; an empty cell is not told. */
export const optionalIdList: Cell<readonly number[] | null> = {
  fromText: nullable(
    v.pipe(
      v.string(),
      v.transform((list) => (list.trim() === '0' ? [] : list.split('|'))),
      v.array(requiredId, 'is not a list of ids separated by |'),
      v.maxLength(100, 'lists more than 100 ids'),
    ),
  ),
  fromJson: orNull(v.pipe(v.array(idJson), v.maxLength(100))),
  write: (ids) => ids && (ids.length === 0 ? '0' : ids.join('|')),
};
