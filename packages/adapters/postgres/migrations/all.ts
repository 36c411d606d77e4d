import type { Migration } from '../migrate.ts';
import { libraries } from './0001-libraries.ts';

/** Oldest first. A migration that was released is never edited; a change is a new one. */
export const migrations: readonly Migration[] = [libraries];
