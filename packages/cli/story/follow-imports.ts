import { setTimeout as delay } from 'node:timers/promises';
import type { ImportView } from '@savepoint/core/contracts/import-view.ts';
import { createLogUpdate } from 'log-update';
import { widthOf } from '../terminal/show.ts';
import { table } from '../terminal/table.ts';
import { importColumns, importRow } from './import-rows.ts';

export type FollowImportsOptions = {
  out: NodeJS.WriteStream;
  pollMs: number;
  wide: boolean;
  /** A line of JSON for each change, in place of the table. */
  json: boolean;
};

/** Lists imports again and again, until Ctrl-C: a live table on a terminal, a line for each change elsewhere. */
export async function followImports(
  read: () => Promise<readonly ImportView[]>,
  { out, pollMs, wide, json }: FollowImportsOptions,
): Promise<void> {
  const ctrlC = new AbortController();
  const stop = () => ctrlC.abort();
  process.once('SIGINT', stop);
  const show = out.isTTY && !json ? liveTable(out, wide) : changes(out, json);
  try {
    while (!ctrlC.signal.aborted) {
      show(await read());
      await delay(pollMs, undefined, { signal: ctrlC.signal }).catch(() => undefined);
    }
  } finally {
    process.off('SIGINT', stop);
  }
}

function liveTable(out: NodeJS.WriteStream, wide: boolean) {
  const update = createLogUpdate(out);
  return (imports: readonly ImportView[]) => {
    const shown = imports.slice(0, Math.max(1, (out.rows || 24) - 2));
    update(
      shown.length === 0
        ? 'There are no imports yet.'
        : table(importColumns, shown.map(importRow), widthOf(out, wide)),
    );
  };
}

function changes(out: NodeJS.WriteStream, json: boolean) {
  const told = new Map<string, string>();
  return (imports: readonly ImportView[]) => {
    // The oldest first, as they happened.
    for (const view of imports.toReversed()) {
      const line = importRow(view).join('  ').trimEnd();
      if (told.get(view.import_id) === line) continue;
      told.set(view.import_id, line);
      out.write(`${json ? JSON.stringify(view) : line}\n`);
    }
  };
}
