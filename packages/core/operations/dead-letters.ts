import type { DeadLetter } from '../contracts/dead-letter.ts';
import type { StageName } from '../topology.ts';

/** Which dead letters are meant: all of them, or those that fit each part. */
export type DeadLetterFilter = {
  importId?: string;
  messageId?: string;
  code?: string;
  /** Of any import of a person. */
  steamId?: string;
};

export type DeadLetterSelection = DeadLetterFilter & {
  /** Move or discard at most so many. */
  max?: number;
  /** Only count. */
  dryRun?: boolean;
};

/** `truncated`: there are more, or there may be. */
export type DeadLetterPage = { messages: DeadLetter[]; truncated: boolean };

/**
 * `matching`: those found. `more`: some are left that this call did not take, because there were too many for it, its
 * time was over, or somebody else was looking at them.
 */
type Outcome = { matching: number; more: boolean; dry_run: boolean };
export type Redriven = Outcome & { moved: number };
export type Discarded = Outcome & { discarded: number };

/** Looking at, redriving and discarding what a stage gave up on. Each call ends in bounded time. */
export type DeadLetters = {
  /** At most `max`, oldest failure first. They stay where they are and are hidden from others only while this looks. */
  list(stage: StageName, filter: DeadLetterFilter & { max: number }): Promise<DeadLetterPage>;
  /** Sends matching messages back to their stage's queue with body and attributes unchanged. */
  redrive(stage: StageName, selection: DeadLetterSelection): Promise<Redriven>;
  /** Deletes matching messages for good. */
  discard(stage: StageName, selection: DeadLetterSelection): Promise<Discarded>;
};

export const fitsFilter = (
  letter: DeadLetter,
  { importId, messageId, code, steamId }: DeadLetterFilter,
): boolean =>
  (importId === undefined || letter.import_id === importId) &&
  (messageId === undefined || letter.message_id === messageId) &&
  (code === undefined || letter.error.code === code) &&
  (steamId === undefined || letter.import_id?.startsWith(`${steamId}-`) === true);

/** Of a body that no answer can hold, so much is shown. */
const shownBodyLength = 1000;

/** As much of a page as fits into an answer of so many bytes of JSON. */
export function fitPage({ messages, truncated }: DeadLetterPage, maxBytes: number): DeadLetterPage {
  const shown: DeadLetter[] = [];
  let freeBytes = maxBytes;
  let cut = truncated;
  for (const letter of messages) {
    const isTooLarge = sizeBytes(letter) > maxBytes;
    const fitting = isTooLarge ? { ...letter, body: `${letter.body.slice(0, shownBodyLength)}…` } : letter;
    freeBytes -= sizeBytes(fitting);
    if (freeBytes < 0) return { messages: shown, truncated: true };
    cut ||= isTooLarge;
    shown.push(fitting);
  }
  return { messages: shown, truncated: cut };
}

/** With the comma behind it. */
const sizeBytes = (letter: DeadLetter): number => new TextEncoder().encode(JSON.stringify(letter)).length + 1;
