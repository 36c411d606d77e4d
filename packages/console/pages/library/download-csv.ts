import { writeLibraryForPeople } from '@savepoint/core/contracts/csv-for-people.ts';
import type { PublishedGame } from '@savepoint/core/contracts/published-library.ts';

/** Gives the games to the browser as a file for spreadsheets. */
export function downloadCsv(games: readonly PublishedGame[], name: string): void {
  const link = document.createElement('a');
  // Spreadsheets read UTF-8 where a mark at the beginning says so.
  link.href = URL.createObjectURL(new Blob(['\uFEFF', writeLibraryForPeople(games)], { type: 'text/csv' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
