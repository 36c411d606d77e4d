import type { Discarded, Redriven } from '@savepoint/core/operations/dead-letters.ts';
import type { StageName } from '@savepoint/core/topology.ts';
import { call } from '../../api/call.ts';
import type { QueueCounts } from '../../api/queues.ts';

export type Verb = 'redrive' | 'discard';
/** All of a cause, or single messages. */
export type Selection = { code: string } | { messageIds: readonly string[] };

type Outcome = Partial<Redriven & Discarded> & { matching: number; more: boolean };

/** So many a call, so that somebody who watches sees it getting on. */
const perCall = 500;
/** Others may look at the same messages, which hides them for a moment. */
const maxIdleCalls = 3;
const idleMs = 1500;

const send = (what: Verb, stage: StageName, body: object): Promise<Outcome> =>
  call(`/queues/${stage}/${what}`, { method: 'POST', json: body });

/** How many would be moved. @throws ApiProblem */
export async function countLetters(what: Verb, stage: StageName, selection: Selection) {
  if ('messageIds' in selection) return { matching: selection.messageIds.length, isAtLeast: false };
  const { matching, more } = await send(what, stage, { ...selection, dry_run: true });
  return { matching, isAtLeast: more };
}

/** How many dead letters the stage has, of whatever cause. */
async function deadLettersOf(stage: StageName): Promise<number> {
  const { queues } = await call<QueueCounts>('/queues');
  return queues.find((queue) => queue.stage === stage)?.dead_letters ?? 0;
}

/**
 * Moves them, part by part, until none is left; and no more than there were at the beginning, because what is redriven may
 * fail anew and be there again.
 * @param onProgress how many were moved so far. @returns how many were moved. @throws ApiProblem
 */
export async function moveLetters(
  what: Verb,
  stage: StageName,
  selection: Selection,
  onProgress: (done: number) => void,
): Promise<number> {
  let done = 0;
  if ('messageIds' in selection) {
    for (const messageId of selection.messageIds) {
      done += movedOf(await send(what, stage, { message_id: messageId }));
      onProgress(done);
    }
    return done;
  }
  const most = await deadLettersOf(stage);
  for (let idle = 0; idle < maxIdleCalls && done < most; ) {
    const max = Math.min(perCall, most - done);
    const outcome = await send(what, stage, { ...selection, max });
    const moved = movedOf(outcome);
    done += moved;
    onProgress(done);
    if (!outcome.more && moved < max) break;
    idle = moved > 0 ? 0 : idle + 1;
    if (idle > 0) await new Promise((resolve) => setTimeout(resolve, idleMs));
  }
  return done;
}

const movedOf = ({ moved = 0, discarded = 0 }: Outcome): number => moved + discarded;
