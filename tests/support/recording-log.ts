import type { Log } from '@savepoint/functions/runtime/log.ts';

/** A log whose lines can be looked at. */
export function createRecordingLog(): Log & {
  lines: { level: string; message: string; [field: string]: unknown }[];
} {
  const lines: { level: string; message: string }[] = [];
  const at =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      lines.push({ level, message, ...fields });
    };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
