import type { DeadLetter } from '../contracts/dead-letter.ts';
import type { StageName } from '../topology.ts';

/** Which dead letters are meant: all of them, or those that fit. */
export type DeadLetterSelection = {
  importId?: string;
  messageId?: string;
  /** Move or discard at most so many. */
  max?: number;
  dryRun?: boolean;
};
export type DeadLetterOutcome = { moved: number; matching: number };

/** Looking at, redriving and discarding what a stage gave up on. */
export type DeadLetters = {
  /** Every dead letter that is not being looked at by somebody else, oldest failure first. */
  list(stage: StageName): Promise<DeadLetter[]>;
  /** Sends matching messages back to their stage's queue with body and attributes unchanged. */
  redrive(stage: StageName, selection: DeadLetterSelection): Promise<DeadLetterOutcome>;
  /** Deletes matching messages for good. */
  discard(stage: StageName, selection: DeadLetterSelection): Promise<DeadLetterOutcome>;
};
