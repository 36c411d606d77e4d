import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createBucket } from '@savepoint/adapters/s3/bucket.ts';
import { createS3Client } from '@savepoint/adapters/s3/client.ts';
import { enrichedHeader, writeEnrichedRows } from '@savepoint/core/contracts/enriched-library.ts';
import { parseVariables } from '@savepoint/functions/runtime/env.ts';
import { embeddedCredentials } from '@savepoint/local/embedded/credentials.ts';
import { localVariables } from '@savepoint/local/local-env.ts';
import { type LocalStack, startLocalStack } from '@savepoint/local/local-stack.ts';
import { createTerminalLog } from '@savepoint/local/terminal-log.ts';
import { sampleCatalogue } from '@savepoint/simulators/catalogue/sample-catalogue.ts';
import { sampleLibrary, sampleSteamId } from '../load/sample-library.ts';

/** Runs `work` with a stack as `npm start` has it, on data that is thrown away. */
export async function withLocalStack<Result>(work: (stack: LocalStack) => Promise<Result>): Promise<Result> {
  const dataDir = mkdtempSync(join(tmpdir(), 'savepoint-bench-'));
  try {
    const stack = await startLocalStack({
      env: parseVariables(localVariables, { PORT: '0', AWS_PORT: '0', DATA_DIR: dataDir }),
      log: createTerminalLog('ERROR', (line) => process.stderr.write(`${line}\n`)),
      durable: false,
    });
    try {
      return await work(stack);
    } finally {
      await stack.close();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Loads a library whose covers the simulators draw, and waits until it can be read. @returns its owner */
export async function importLibrary(stack: LocalStack, apps: number): Promise<string> {
  const covers = sampleCatalogue().games.flatMap(({ cover }) => cover ?? []);
  const rows = sampleLibrary(apps).map((row, index) =>
    row.game ? { ...row, game: { ...row.game, coverImageId: covers[index % covers.length]! } } : row,
  );
  const s3 = createS3Client({
    region: stack.region,
    endpointUrl: stack.awsEndpointUrl,
    credentials: embeddedCredentials,
  });
  const key = `enriched/steam-library-${sampleSteamId}-2026-11-01-enriched.csv`;
  await createBucket(s3, stack.bucket).put(key, enrichedHeader + writeEnrichedRows(rows), 'text/csv');
  s3.destroy();
  while (!(await fetch(`${stack.apiUrl}/libraries/${sampleSteamId}`)).ok) await delay(200);
  return sampleSteamId;
}

/** @returns its id, at once */
export async function requestImport({ apiUrl }: LocalStack, steamId: string): Promise<string> {
  const answer = await fetch(`${apiUrl}/imports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ steam_id: steamId }),
  });
  return ((await answer.json()) as { import_id: string }).import_id;
}
