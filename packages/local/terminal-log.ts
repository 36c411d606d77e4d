import { styleText } from 'node:util';
import type { Log, LogFields } from '@savepoint/functions/runtime/log.ts';

const levels = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT'] as const;
export type TerminalLogLevel = (typeof levels)[number];
type Level = Exclude<TerminalLogLevel, 'SILENT'>;
const styles = { DEBUG: 'dim', INFO: 'green', WARN: 'yellow', ERROR: 'red' } as const;

/** Lines for a person: the time (UTC), the level, what happened, then the fields. */
export const createTerminalLog = (minimum: TerminalLogLevel, write: (line: string) => void): Log =>
  createLog(minimum, (level, message, fields) =>
    write(logLine(new Date().toISOString().slice(11), level, message, fields)),
  );

/** A log that hands on what is at least of the minimum's level. */
export function createLog(
  minimum: TerminalLogLevel,
  take: (level: Level, message: string, fields: LogFields) => void,
): Log {
  const at =
    (level: Level) =>
    (message: string, fields: LogFields = {}) => {
      if (levels.indexOf(level) >= levels.indexOf(minimum)) take(level, message, fields);
    };
  return { debug: at('DEBUG'), info: at('INFO'), warn: at('WARN'), error: at('ERROR') };
}

/** @param time as it shall stand there. */
export function logLine(time: string, level: string, message: string, fields: LogFields): string {
  const pairs = Object.entries(fields).map(
    ([name, value]) => `${styleText('dim', `${name}=`)}${show(value)}`,
  );
  const style = styles[level as Level] ?? 'dim';
  return [styleText('dim', time), styleText(style, level.padEnd(5)), message, ...pairs].join(' ');
}

function show(value: unknown): string {
  if (typeof value === 'string') return /[\s"]/.test(value) ? JSON.stringify(value) : value;
  return JSON.stringify(value) ?? String(value);
}
