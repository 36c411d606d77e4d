import type { Continuation, Failure } from '../contracts/dead-letter.ts';
import type { StageName } from '../topology.ts';

export type QueueDepth = {
  stage: StageName;
  /** Messages that nobody has received yet. */
  waiting: number;
  in_flight: number;
  delayed: number;
  dead_letters: number;
};

/** The queues of a deployment, by stage. */
export type StageQueues = {
  send(stage: StageName, body: string): Promise<void>;
  /** Deletes received messages whose work is done; one that is gone already is no failure. */
  acknowledge(stage: StageName, receiptHandles: readonly string[]): Promise<void>;
  /** Hides a received message for so long, after which it is delivered again. */
  retryLater(stage: StageName, receiptHandle: string, delaySeconds: number): Promise<void>;
  /** Puts a message back for work that goes on: to be worked on at once, with all the receives of a new one. */
  sendAgain(stage: StageName, body: string, continuation: Continuation): Promise<void>;
  /** Puts a copy of a message into the dead-letter queue, saying why. */
  sendToDeadLetters(stage: StageName, body: string, failure: Failure): Promise<void>;
  depths(): Promise<QueueDepth[]>;
  /** Messages of one stage that nobody has received yet. */
  countWaiting(stage: StageName): Promise<number>;
};
