import { causesOf } from '@savepoint/core/operations/dead-letter-causes.ts';
import type { DeadLetters } from '@savepoint/core/operations/dead-letters.ts';
import { stageNames } from '@savepoint/core/topology.ts';
import type { Context } from 'hono';
import { refuseQuery } from './query.ts';

/** As many letters of a stage as are looked at. */
const mostLetters = 1000;

/** `GET /dead-letters/causes`: what the dead letters of all stages have in common. */
export async function listCauses(
  context: Context,
  { deadLetters }: { deadLetters: Pick<DeadLetters, 'list'> },
): Promise<Response> {
  refuseQuery(context);
  const pages = await Promise.all(stageNames.map((stage) => deadLetters.list(stage, { max: mostLetters })));
  return context.json({
    causes: causesOf(pages.flatMap(({ messages }) => messages)),
    truncated: pages.some(({ truncated }) => truncated),
  });
}
