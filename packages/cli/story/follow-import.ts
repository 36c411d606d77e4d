import { setTimeout as delay } from 'node:timers/promises';
import type { ImportView } from '@savepoint/core/contracts/import-status.ts';
import { createLogUpdate } from 'log-update';
import { progressLine, progressLines } from './progress-lines.ts';

/**
 * Follows an import over HTTP until it ends: a live view on a terminal, a line at each change elsewhere.
 * @param pollMs how long to wait between two looks.
 */
export async function followImport(
  statusUrl: string,
  headers: Record<string, string>,
  out: NodeJS.WriteStream,
  pollMs = 100,
): Promise<ImportView> {
  const show = out.isTTY ? liveView(out) : plainLines(out);
  for (;;) {
    const answer = await fetch(statusUrl, { headers });
    if (!answer.ok) throw new Error(`The status of the import could not be read: HTTP ${answer.status}.`);
    const view = (await answer.json()) as ImportView;
    const ended = view.status === 'completed' || view.status === 'failed';
    show(view, ended);
    if (ended) return view;
    await delay(pollMs);
  }
}

type Show = (view: ImportView, ended: boolean) => void;

function liveView(out: NodeJS.WriteStream): Show {
  const update = createLogUpdate(out);
  return (view, ended) => {
    update(progressLines(view, new Date()).join('\n'));
    if (ended) update.done();
  };
}

function plainLines(out: NodeJS.WriteStream): Show {
  const told = new Map<string, string>();
  return (view) => {
    for (const stage of view.stages) {
      const state = JSON.stringify([stage.status, stage.attempts, stage.progress]);
      if (stage.status === 'queued' || told.get(stage.name) === state) continue;
      told.set(stage.name, state);
      out.write(`${progressLine(stage, new Date())}\n`);
    }
  };
}
