/** One import in a process of its own, which then tells its peak memory: `node peak-memory.ts <database url> <csv>`. */
import { createReadStream } from 'node:fs';
import { connectPostgres } from '../../packages/adapters/postgres/connection.ts';
import { loadLibrary } from '../../packages/adapters/postgres/load-library.ts';
import { enrichedKey } from '../../packages/core/contracts/object-key.ts';
import { databaseImport } from '../../packages/core/stages/database-import.ts';
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
