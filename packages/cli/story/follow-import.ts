import { setTimeout as delay } from 'node:timers/promises';
import type { ImportView } from '@savepoint/core/contracts/import-view.ts';
import { createLogUpdate } from 'log-update';
import { CommandFailure, type ExitCode, exitCodes } from '../failure.ts';
import { widthOf } from '../terminal/show.ts';
import { progressLine, progressLines } from './progress-lines.ts';

/** @throws Unread when it may be read a moment later; any other error ends the following */
export type ReadImport = (signal: AbortSignal) => Promise<ImportView>;

/** A status that could not be read this time: the connection was lost, or the other side asks for patience. */
export class Unread extends Error {
  readonly retryAfterSeconds: number;

  /** @param reason as it stands in brackets: `ECONNREFUSED`, `HTTP 429`. */
  constructor(reason: string, retryAfterSeconds = 0) {
    super(reason);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export type FollowOptions = {
  importId: string;
  out: NodeJS.WriteStream;
  /** How long to wait between two looks. */
  pollMs: number;
  /** How long the status may stay unread, as while a stack starts again. Default: 120. */
  patienceSeconds?: number;
};

const unreadPauseMs = 1000;

/**
 * Follows an import until it ends: a live view on a terminal, a line at each change elsewhere. Ctrl-C ends the
 * following and not the import, and so does a status that stays unread.
 * @throws CommandFailure saying how to go on; what `read` throws
 */
export async function followImport(read: ReadImport, options: FollowOptions): Promise<ImportView> {
  const { importId, out, pollMs, patienceSeconds = 120 } = options;
  const view = out.isTTY ? liveView(out) : plainLines(out);
  const ctrlC = new AbortController();
  const { signal } = ctrlC;
  const stop = () => ctrlC.abort();
  process.once('SIGINT', stop);
  let unreadSince: number | null = null;
  try {
    for (;;) {
      const looked = await look(read, signal);
      if (signal.aborted) throw unfollowed(exitCodes.interrupted, 'The import goes on.', importId);
      if (looked instanceof Unread) {
        unreadSince ??= performance.now();
        const pauseMs = Math.max(unreadPauseMs, looked.retryAfterSeconds * 1000);
        if (performance.now() + pauseMs - unreadSince > patienceSeconds * 1000)
          throw unfollowed(
            exitCodes.unreachable,
            `The import goes on, but its status cannot be read (${looked.message}).`,
            importId,
          );
        view.tellUnread(looked.message);
        await pause(pauseMs, signal);
      } else {
        unreadSince = null;
        view.show(looked);
        if (hasEnded(looked)) return looked;
        await pause(pollMs, signal);
      }
    }
  } finally {
    process.off('SIGINT', stop);
    view.done();
  }
}

async function look(read: ReadImport, signal: AbortSignal): Promise<ImportView | Unread> {
  try {
    return await read(signal);
  } catch (error) {
    if (error instanceof Unread || signal.aborted) return error as Unread;
    throw error;
  }
}

const pause = (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }).catch(() => undefined);

const hasEnded = ({ status }: ImportView) => status === 'completed' || status === 'failed';

const unfollowed = (exitCode: ExitCode, sentence: string, importId: string) =>
  new CommandFailure(exitCode, `${sentence} Follow it with: npx savepoint status ${importId} --wait`);

type View = { show(view: ImportView): void; tellUnread(reason: string): void; done(): void };

const unreadLine = (reason: string) => `The status cannot be read (${reason}); trying again.`;

function liveView(out: NodeJS.WriteStream): View {
  const update = createLogUpdate(out);
  let lines: string[] = [];
  return {
    show(view) {
      lines = progressLines(view, new Date(), widthOf(out));
      update(lines.join('\n'));
    },
    tellUnread: (reason) => update([...lines, unreadLine(reason)].join('\n')),
    done: () => update.done(),
  };
}

function plainLines(out: NodeJS.WriteStream): View {
  const told = new Map<string, string>();
  let unread = '';
  return {
    show(view) {
      unread = '';
      for (const stage of view.stages) {
        const state = JSON.stringify([stage.status, stage.attempts, stage.progress]);
        if (stage.status === 'queued' || told.get(stage.name) === state) continue;
        told.set(stage.name, state);
        out.write(`${progressLine(stage, new Date(), widthOf(out))}\n`);
      }
    },
    tellUnread(reason) {
      if (reason !== unread) out.write(`${unreadLine(reason)}\n`);
      unread = reason;
    },
    done: () => undefined,
  };
}
