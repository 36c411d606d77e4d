import Papa from 'papaparse';
import { type PublishedGame, publishedGameColumns } from './published-library.ts';

/** Whatever its first line goes on with: papaparse's own takes a text of several lines for none. */
const formula = /^[=+\-@\t\r]/;

/**
 * Rows for a spreadsheet: what it would take for a formula, it takes for text, because titles come from outside and a
 * formula can send what it reads to somebody. Readers of ours do not undo that.
 */
export const writeCsvForPeople = (rows: readonly (readonly (string | number | boolean | null)[])[]): string =>
  Papa.unparse(rows as (string | number | boolean | null)[][], { newline: '\n', escapeFormulae: formula });

/** A library so. Lists are one cell, parted by `|`. */
export const writeLibraryForPeople = (games: readonly PublishedGame[]): string =>
  writeCsvForPeople([
    publishedGameColumns,
    ...games.map((game) =>
      publishedGameColumns.map((name) => {
        const value = game[name];
        return Array.isArray(value) ? value.join('|') : value;
      }),
    ),
  ]);
