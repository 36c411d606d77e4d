import { appendFileSync, createReadStream, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Log } from '@savepoint/functions/runtime/log.ts';
import { createLog, type TerminalLogLevel } from './terminal-log.ts';

/** What the local stack logged, in the form of the cloud's lines; the older half has another name. */
const pathsIn = (dataDir: string) => ({
  current: join(dataDir, 'log.jsonl'),
  older: join(dataDir, 'log.1.jsonl'),
});
const maxBytes = 10 * 1024 * 1024;

/**
 * Writes lines of JSON into the data directory, where `savepoint logs` finds them: at most 20 MB. A full disk costs
 * lines of the log, and no import.
 * @param minimum INFO for whoever wants a silent terminal.
 */
export function createLogFile(dataDir: string, minimum: TerminalLogLevel): Log {
  const { current, older } = pathsIn(dataDir);
  let bytes = sizeOf(current);
  return createLog(minimum === 'SILENT' ? 'INFO' : minimum, (level, message, fields) => {
    const line = `${JSON.stringify({ timestamp: new Date().toISOString(), level, message, ...fields })}\n`;
    try {
      if (bytes > maxBytes) {
        renameSync(current, older);
        bytes = 0;
      }
      appendFileSync(current, line, { mode: 0o600 });
      bytes += Buffer.byteLength(line);
    } catch {
      // What cannot be kept was shown in the terminal.
    }
  });
}

/** The lines of a data directory's log, oldest first; none where nothing was logged yet. */
export async function* readLogFile(dataDir: string): AsyncGenerator<string> {
  const { current, older } = pathsIn(dataDir);
  for (const path of [older, current]) {
    if (sizeOf(path) === 0) continue;
    yield* createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
  }
}

/** Hands every line to each. */
export function bothLogs(one: Log, other: Log): Log {
  const both =
    (level: keyof Log) =>
    (...line: Parameters<Log['info']>) => {
      one[level](...line);
      other[level](...line);
    };
  return { debug: both('debug'), info: both('info'), warn: both('warn'), error: both('error') };
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
