import type { ImportId } from '@savepoint/core/contracts/import-id.ts';
import type { PipelineError } from '@savepoint/core/errors.ts';
import type { Stage } from '@savepoint/core/topology.ts';
import type { Stopwatch } from './stopwatch.ts';

/** One piece of work for a stage; `run` names what set it off (see StageStatus). */
export type Job = { importId: ImportId; run: string };
export type Answer = Readonly<Record<string, unknown>>;

/** What a stage sees of the invocation that it works in. */
export type Invocation = {
  stopwatch: Stopwatch;
  remainingSeconds(): number;
  /** Tells how far each job is; looked at now and then only. */
  progress(view: () => { done: number; total: number }[]): void;
};

export type StageWork<StageJob extends Job> = {
  stage: Stage;
  /**
   * The parts of a queue message, each of which could be a message of its own; none in a message that asks nothing
   * (`s3:TestEvent`). One that cannot be read fails alone. By default a message is one part.
   */
  splitMessage?(body: unknown): unknown[];
  /** What a part asks for, if anything. */
  jobOfMessage(part: unknown): StageJob | null;
  jobOfPayload(payload: unknown): StageJob;
  /** Does all jobs; one outcome each, in their order. */
  work(jobs: StageJob[], invocation: Invocation): Promise<PromiseSettledResult<Answer>[]>;
  /** Told of a job that ended, before its message goes; null where it is done. What it throws keeps the message. */
  ended?(job: StageJob, failure: PipelineError | null): Promise<void>;
  /** Whether a failure for good is told by the import's status alone, because nobody waits for this import. */
  isQuiet?(job: StageJob): boolean;
  /** What nobody waits for: done once the status of the jobs is told. Never rejects. */
  afterwards?(): Promise<void>;
};
