/** One import in a process of its own, which then tells its peak memory: `node peak-memory.ts <database url> <csv>`. */
import { createReadStream } from 'node:fs';
import { connectPostgres } from '@savepoint/adapters/postgres/connection.ts';
import { loadLibrary } from '@savepoint/adapters/postgres/load-library.ts';
import { enrichedKey } from '@savepoint/core/contracts/object-key.ts';
import { databaseImport } from '@savepoint/core/stages/database-import.ts';
import { sampleSteamId } from './sample-library.ts';

const [databaseUrl = '', csvPath = ''] = process.argv.slice(2);
const connection = connectPostgres(async () => databaseUrl);
const answer = await databaseImport(
  { s3_key: enrichedKey(`${sampleSteamId}-20260101T000000000Z`) },
  {
    openLibrary: async () => createReadStream(csvPath),
    rejectedRowsOf: async () => 0,
    putRejects: async () => undefined,
    loadLibrary: (library, readBatches) => loadLibrary(connection, library, readBatches),
  },
);
await connection.close();
console.log(
  JSON.stringify({ rows: answer.new, peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024) }),
);
