const breaks = /[\t\n\r\u2028\u2029]+/g;
const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/**
 * Text from outside as PostgreSQL and the library files can hold it: without control characters and halves of
 * Unicode characters, its lines ended by \n, trimmed, at most `maxLength` long. Null when nothing is left.
 */
export function cleanText(text: string, maxLength: number): string | null {
  // Cut first, because a cut may halve a character.
  const unixLines = text.replace(/\r\n?/g, '\n');
  const clean = unixLines.replace(controlCharacters, '').trim().slice(0, maxLength).toWellFormed().trim();
  return clean === '' ? null : clean;
}

/** As `cleanText`, on one line. */
export const cleanLine = (text: string, maxLength: number): string | null =>
  cleanText(text.replace(breaks, ' '), maxLength);
