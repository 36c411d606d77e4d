import { stripVTControlCharacters } from 'node:util';

/**
 * Names and messages come from outside: nothing in them may move the cursor, colour the terminal or turn the direction
 * of the line.
 */

/** Text from outside as one line. */
export const oneLine = (text: string): string =>
  stripVTControlCharacters(text)
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, '')
    .trim();

/** The same for text of ours that may quote some from outside: its lines and colours stay. */
export const harmless = (text: string): string =>
  text
    .split(/(\n|\u001b\[[\d;]*m)/)
    .map((part, at) => (at % 2 === 1 ? part : stripVTControlCharacters(part).replace(controls, '')))
    .join('');

/** JSON that says the same, and may be read in a terminal. JSON escapes the other controls itself. */
export const harmlessJson = (value: unknown, space?: number): string =>
  JSON.stringify(value, null, space).replace(
    /[\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const controls = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;
