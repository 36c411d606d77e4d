import { libraries } from './0001-libraries.ts';
import { whatWasTold } from './0002-what-was-told.ts';
import { richerGames } from './0003-richer-games.ts';
import { lateImports } from './0004-late-imports.ts';
import { journal } from './0005-journal.ts';
import type { Migration } from './migration.ts';

/** Oldest first. A migration that was released is never edited; a change is a new one. */
export const migrations: readonly Migration[] = [libraries, whatWasTold, richerGames, lateImports, journal];
