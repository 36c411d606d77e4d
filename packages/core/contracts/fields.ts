import * as v from 'valibot';

/** Schemas of single CSV fields: text in, value out. An absent or empty field is null. */

/** The largest number that PostgreSQL's `integer` holds. */
export const maxInteger = 2_147_483_647;
const integerMessage = `is not a whole number from 0 to ${maxInteger}`;

export const requiredInteger = v.pipe(
  v.string('is missing'),
  v.trim(),
  v.regex(/^\d{1,10}$/, integerMessage),
  v.transform(Number),
  v.maxValue(maxInteger, integerMessage),
);

const emptyAsNull = v.transform((field: string) => (field.trim() === '' ? null : field));
/** A field that may be absent or empty (null); otherwise it must satisfy `schema`. */
export const nullable = <Output>(schema: v.GenericSchema<string, Output>) =>
  v.pipe(v.optional(v.string(), ''), emptyAsNull, v.nullable(schema));

export const integer = nullable(requiredInteger);

const controlCharacter = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
/** Text that PostgreSQL can store: no NUL or other control characters, no lone surrogates. */
export const text = (maxLength: number) =>
  v.pipe(
    v.string(),
    v.trim(),
    v.maxLength(maxLength, `is longer than ${maxLength.toLocaleString('en')} characters`),
    v.check((value) => !controlCharacter.test(value), 'holds a NUL or another control character'),
    v.check((value) => value.isWellFormed(), 'holds half of a Unicode character'),
  );

/** `YYYY-MM-DD`, a day that exists. */
export const day = v.pipe(
  v.string(),
  v.trim(),
  v.check((value) => {
    const date = new Date(`${value}T00:00:00Z`);
    return (
      /^\d{4}-\d\d-\d\d$/.test(value) &&
      !Number.isNaN(date.getTime()) &&
      date.toISOString().startsWith(value) &&
      value >= '0001'
    );
  }, 'is not a day written as YYYY-MM-DD'),
);

/** The first fault of a row as one sentence: `playtime_forever is not a whole number …`. */
export function describeIssue(issues: readonly v.BaseIssue<unknown>[]): string {
  const issue = issues[0]!;
  const column = v.getDotPath(issue);
  return column ? `${column} ${issue.message}` : issue.message;
}
