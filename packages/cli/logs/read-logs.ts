import { stageNames } from '@savepoint/core/topology.ts';
import { readLogFile } from '@savepoint/local/log-file.ts';
import type { Target } from '../target.ts';

export type LogFilter = { importId: string | undefined; since: Date; max: number };
export type FoundLines = { lines: string[]; truncated: boolean };

/** Lines of JSON, in the order in which they were written. @throws PipelineError LOGS_UNAVAILABLE, STORAGE_UNAVAILABLE */
export const readLogs = (target: Target, filter: LogFilter): Promise<FoundLines> =>
  target.dataDir === null ? readCloudLogs(target, filter) : readLocalLogs(target.dataDir, filter);

async function readLocalLogs(dataDir: string, { importId = '', since, max }: LogFilter): Promise<FoundLines> {
  const lines: string[] = [];
  let truncated = false;
  for await (const line of readLogFile(dataDir)) {
    if (!line.includes(importId) || timeOf(line) < since.toISOString()) continue;
    lines.push(line);
    if (lines.length > max) {
      lines.shift();
      truncated = true;
    }
  }
  return { lines, truncated };
}

/** Logs in the cloud name people by a hash, for which the bucket holds the key. */
async function readCloudLogs(target: Target, { importId, since, max }: LogFilter): Promise<FoundLines> {
  const { aws, bucketName, deployment } = target;
  const [{ createBucket }, { createS3Client }, { readLogEvents }, { readLogKey }, { personHash }] =
    await Promise.all([
      import('@savepoint/adapters/s3/bucket.ts'),
      import('@savepoint/adapters/s3/client.ts'),
      import('@savepoint/adapters/cloudwatch/log-events.ts'),
      import('@savepoint/adapters/s3/log-key.ts'),
      import('@savepoint/adapters/s3/person-hash.ts'),
    ]);
  const groups = [...stageNames, 'api', 'reconcile'].map((name) => `/aws/lambda/${deployment}-${name}`);
  const read = (text: string) => readLogEvents({ groups, since, text, max }, aws);
  if (importId === undefined) return sorted(await read(''), max);
  const [steamId = '', ...timestamp] = importId.split('-');
  const hash = personHash(await readLogKey(createBucket(createS3Client(aws), bucketName)), steamId);
  const hidden = await read([hash, ...timestamp].join('-'));
  // A deployment may be told to log SteamIDs.
  return sorted(hidden.lines.length > 0 ? hidden : await read(importId), max);
}

function sorted({ lines, truncated }: FoundLines, max: number): FoundLines {
  const inOrder = lines.toSorted((a, b) => timeOf(a).localeCompare(timeOf(b)));
  return { lines: inOrder.slice(-max), truncated: truncated || inOrder.length > max };
}

/** ISO 8601, or nothing in a line that Lambda itself wrote. */
const timeOf = (line: string): string => /"timestamp":"([^"]+)"/.exec(line)?.[1] ?? '';
