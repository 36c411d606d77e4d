/** One import in a process of its own, which then tells its peak memory: `node load-process.ts <database url> <csv>`. */
import { createReadStream } from 'node:fs';
import { connectPostgres } from '@savepoint/adapters/postgres/connection.ts';
import { createLibraryLoader } from '@savepoint/adapters/postgres/load-library.ts';
import { libraryKeyOf } from '@savepoint/core/contracts/library-key.ts';
import { databaseImport } from '@savepoint/core/stages/database-import.ts';
import { sampleSteamId } from '../load/sample-library.ts';

const [databaseUrl = '', csvPath = ''] = process.argv.slice(2);
const connection = connectPostgres(async () => databaseUrl);
const answer = await databaseImport(libraryKeyOf('enriched', `${sampleSteamId}-20260101T000000000Z`), {
  openLibrary: async () => createReadStream(csvPath),
  notesOf: async () => ({ rejectedRows: 0, askedAgain: false }),
  publishLibrary: async () => undefined,
  putRejects: async () => undefined,
  dropRejects: async () => undefined,
  ...createLibraryLoader(connection),
});
await connection.close();
console.log(
  JSON.stringify({ rows: answer.new, peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024) }),
);
