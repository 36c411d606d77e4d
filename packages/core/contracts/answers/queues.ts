import * as v from 'valibot';
import type { QueueCount } from '../../operations/count-queues.ts';
import type { Cause } from '../../operations/dead-letter-causes.ts';
import type { Discarded, Redriven } from '../../operations/dead-letters.ts';
import { count, importId, nullableText, stage, text, time } from './common.ts';

/** Answers about queues and dead letters. */

const queue = v.object({
  stage,
  waiting: count,
  in_flight: count,
  delayed: count,
  dead_letters: count,
  oldest_seconds: v.nullable(count),
}) satisfies v.GenericSchema<QueueCount>;
export const QueuesAnswer = v.object({ queues: v.array(queue) });

const deadLetter = v.object({
  message_id: text,
  import_id: v.nullable(importId),
  stage,
  attempts: count,
  first_failed_at: time,
  last_failed_at: time,
  error: v.object({ code: text, message: text, retryable: v.boolean() }),
  body: text,
});
export const DeadLettersAnswer = v.object({ messages: v.array(deadLetter), truncated: v.boolean() });

const cause = v.object({
  stage,
  code: text,
  message: text,
  retryable: v.boolean(),
  count,
  oldest: time,
  newest: time,
  example_import_id: nullableText,
}) satisfies v.GenericSchema<Cause>;
export const CausesAnswer = v.object({ causes: v.array(cause), truncated: v.boolean() });

const outcome = { matching: count, more: v.boolean(), dry_run: v.boolean() };
export const RedriveAnswer = v.object({ moved: count, ...outcome }) satisfies v.GenericSchema<Redriven>;
export const DiscardAnswer = v.object({ discarded: count, ...outcome }) satisfies v.GenericSchema<Discarded>;
