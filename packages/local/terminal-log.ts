import { styleText } from 'node:util';
import type { Log, LogFields } from '@savepoint/functions/runtime/log.ts';

const levels = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT'] as const;
type Level = (typeof levels)[number];
const styles = { DEBUG: 'dim', INFO: 'green', WARN: 'yellow', ERROR: 'red' } as const;

/** Lines for a person: the time, the level, what happened, then the fields. */
export function createTerminalLog(minimum: Level, write: (line: string) => void): Log {
  const at =
    (level: Exclude<Level, 'SILENT'>) =>
    (message: string, fields: LogFields = {}) => {
      if (levels.indexOf(level) < levels.indexOf(minimum)) return;
      const time = new Date().toISOString().slice(11, 23);
      const pairs = Object.entries(fields).map(
        ([name, value]) => `${styleText('dim', `${name}=`)}${show(value)}`,
      );
      write([styleText('dim', time), styleText(styles[level], level.padEnd(5)), message, ...pairs].join(' '));
    };
  return { debug: at('DEBUG'), info: at('INFO'), warn: at('WARN'), error: at('ERROR') };
}

function show(value: unknown): string {
  if (typeof value === 'string') return /[\s"]/.test(value) ? JSON.stringify(value) : value;
  return JSON.stringify(value) ?? String(value);
}
