import type { ImportId } from '@savepoint/core/contracts/import-id.ts';
import { logLine } from '@savepoint/local/terminal-log.ts';
import type { Command } from 'commander';
import { examples, readImportId, readPositiveInteger, readSince } from '../arguments.ts';
import { connect } from '../operator.ts';
import { readLogs } from '../logs/read-logs.ts';
import { plural } from '../story/plural.ts';
import { oneLine } from '../terminal/plain-text.ts';
import { prose, show } from '../terminal/show.ts';
import { waitFor } from '../terminal/waiting.ts';

type Options = { since?: Date; max: number };
const daySeconds = 86_400;

export const addLogs = (program: Command): Command =>
  program
    .command('logs')
    .description('show the log of one import, or of all, from the local stack or from CloudWatch')
    .argument('[import]', "an import id, or the key of one of the import's files", readImportId)
    .option(
      '--since <time>',
      'only what is newer than this: 30s, 15m, 2h, 7d, or a date; default: 1d, of an import 30d',
      readSince,
    )
    .option('--max <n>', 'the newest, at most this many', readPositiveInteger, 1000)
    .addHelpText(
      'after',
      examples('logs 76561197960287930-20261123T043000123Z', 'logs --since 15m --stage production'),
    )
    .action(async (importId: ImportId | undefined, { since, max }: Options, command: Command) => {
      const { target, now } = connect(command);
      const days = importId === undefined ? 1 : 30;
      const from = since ?? new Date(now().getTime() - days * daySeconds * 1000);
      const found = await waitFor('the log', readLogs(target, { importId, since: from, max }));
      const entries = found.lines.map(readEntry);
      show(command, { lines: entries, truncated: found.truncated }, (width) =>
        entries.length === 0
          ? `Nothing was logged${importId === undefined ? '' : ` about ${importId}`} since ${from.toISOString()}.`
          : [
              ...(found.truncated
                ? [`The newest ${plural(entries.length, 'line')}; there are more (--max).`]
                : []),
              ...entries.map((entry) => prose(tell(entry), width, '    ')),
            ].join('\n'),
      );
    });

type Entry = { message: string; timestamp?: string; level?: string; [field: string]: unknown };

/** What Lambda itself writes is text. */
function readEntry(line: string): Entry {
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return { message: line };
  }
}

/** Of each line, and for programs (--json); the stage stands in our own fields. */
const ofEachLine = ['service', 'sampling_rate', 'xray_trace_id', 'aws_request_id', 'trace_id'];

function tell({ message, timestamp = '', level = '', ...fields }: Entry): string {
  const own = Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => !ofEachLine.includes(name))
      .map(([name, value]) => [name, typeof value === 'string' ? oneLine(value) : value]),
  );
  return logLine(timestamp.replace('T', ' '), level, oneLine(message), own);
}
