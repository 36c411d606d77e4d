import { type ImportId, parseImportId } from '../contracts/import-id.ts';
import { libraryKeyOf, printLibraryKey } from '../contracts/library-key.ts';
import { writeObjectCreated } from '../contracts/object-created.ts';
import { type PendingImport, runOfAskingAgain } from '../contracts/pending-import.ts';
import { readerOf } from '../topology.ts';
import type { ImportIndex } from './import-index.ts';
import type { ImportStatusStore } from './import-status-store.ts';
import type { StageQueues } from './stage-queues.ts';

/**
 * Asks IGDB again for apps that are PENDING because it refused a question: their imports go through enrichment once
 * more, a few times in growing steps, and then stay as they are until the person's next import.
 */

/** Imports whose apps are asked for again. */
export type PendingImports = {
  /** In the order of their ids; `writtenAt` is when the marker was last changed. */
  list(): AsyncIterable<{ importId: ImportId; writtenAt: Date }>;
  /** Null when there is none, or one that nobody can read. */
  read(importId: ImportId): Promise<PendingImport | null>;
  write(importId: ImportId, pending: PendingImport): Promise<void>;
  drop(importId: ImportId): Promise<void>;
};

export type AskAgainPorts = {
  bucketName: string;
  objects: { list(prefix: string): AsyncIterable<{ key: string }> };
  pending: PendingImports;
  index: Pick<ImportIndex, 'reopen'>;
  statuses: Pick<ImportStatusStore, 'list'>;
  queues: Pick<StageQueues, 'depths' | 'send'>;
  now(): Date;
};

/** `left`: it was tried as often as it is worth. `newer`: a newer import asks for itself. `gone`: its raw file is. */
export type AskedAgain = {
  asked: ImportId[];
  dropped: { import_id: ImportId; reason: 'left' | 'newer' | 'gone' | 'unreadable' }[];
  /** Some were not looked at: the queue is busy, or there are too many for one run. */
  more: boolean;
};

const hourMs = 60 * 60 * 1000;
/** When each try is due, in hours since the library was published; then the marker goes. */
const triesAfterHours = [1, 6, 24];
const leftAfterHours = 48;
/** More are left for the next run: their messages would stand before those of people who wait. */
const mostAsked = 500;
/** A marker a request. */
const mostRead = 2000;
const busyAt = 50;

const stage = readerOf('raw').name;

/** Sets off what is due. Call it hourly. @returns what was done. */
export async function askAgain(ports: AskAgainPorts): Promise<AskedAgain> {
  const done: AskedAgain = { asked: [], dropped: [], more: false };
  const due = await listOld(ports);
  if (due.length === 0) return done;
  const depth = (await ports.queues.depths()).find((one) => one.stage === stage);
  if ((depth?.waiting ?? 0) >= busyAt) return { ...done, more: true };
  for (const importId of due.slice(0, mostRead)) {
    if (done.asked.length >= mostAsked) break;
    await askFor(importId, done, ports);
  }
  return { ...done, more: due.length > mostRead || done.asked.length >= mostAsked };
}

/** Those that nobody touched for as long as the first try waits; whoever waits longest comes first. */
async function listOld({ pending, now }: AskAgainPorts): Promise<ImportId[]> {
  const old: { importId: ImportId; writtenAt: Date }[] = [];
  const latest = now().getTime() - triesAfterHours[0]! * hourMs;
  for await (const marker of pending.list()) if (marker.writtenAt.getTime() <= latest) old.push(marker);
  return old.sort((a, b) => a.writtenAt.getTime() - b.writtenAt.getTime()).map(({ importId }) => importId);
}

async function askFor(importId: ImportId, done: AskedAgain, ports: AskAgainPorts): Promise<void> {
  const marker = await ports.pending.read(importId);
  if (marker && ports.now().getTime() < dueAt(marker)) return;
  const key = printLibraryKey(libraryKeyOf('raw', importId));
  const reason = await reasonToDrop(importId, key, marker, ports);
  if (marker === null || reason !== null) {
    await ports.pending.drop(importId);
    done.dropped.push({ import_id: importId, reason: reason ?? 'unreadable' });
    return;
  }
  await ports.index.reopen([importId]);
  // Sent first: should the marker not be written, it is asked for once more, and not once less.
  await ports.queues.send(stage, writeObjectCreated(ports.bucketName, key, runOfAskingAgain(ports.now())));
  await ports.pending.write(importId, { ...marker, tries: marker.tries + 1 });
  done.asked.push(importId);
}

const dueAt = ({ since, tries }: PendingImport): number =>
  Date.parse(since) + (triesAfterHours[tries] ?? leftAfterHours) * hourMs;

async function reasonToDrop(
  importId: ImportId,
  key: string,
  marker: PendingImport | null,
  ports: AskAgainPorts,
): Promise<AskedAgain['dropped'][number]['reason'] | null> {
  if (marker === null) return 'unreadable';
  if (marker.tries >= triesAfterHours.length) return 'left';
  const { steamId, importedAt } = parseImportId(importId);
  const [newest] = await ports.statuses.list({ steamId, max: 1 });
  if (newest && parseImportId(newest).importedAt > importedAt) return 'newer';
  for await (const object of ports.objects.list(key)) if (object.key === key) return null;
  return 'gone';
}
