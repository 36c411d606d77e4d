import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { enrichedHeader, writeEnrichedRows } from '@savepoint/core/contracts/enriched-library.ts';
import type { Databases } from '../load/databases.ts';
import { sampleLibrary } from '../load/sample-library.ts';

/** Left alone, V8 spends memory that it sees free rather than collect; a function of 256 MB would not have it. */
const heapLimit = '--max-heap-size=144';

/** Peak resident memory of a whole process that imports a file of so many rows, in MB. */
export async function measurePeakMemory(databases: Databases, rowCount: number): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'savepoint-bench-'));
  try {
    const csvPath = join(directory, 'library.csv');
    const rows = sampleLibrary(rowCount);
    await pipeline(
      Readable.from([enrichedHeader, ...Array.from(rows, (row) => writeEnrichedRows([row]))]),
      createWriteStream(csvPath),
    );
    const script = join(import.meta.dirname, 'load-process.ts');
    const { stdout } = await databases.use((url) =>
      promisify(execFile)(process.execPath, [heapLimit, script, url, csvPath]),
    );
    return JSON.parse(stdout).peakMegabytes;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
