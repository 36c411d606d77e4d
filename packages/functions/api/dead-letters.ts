import {
  type DeadLetterSelection,
  type DeadLetters,
  fitPage,
} from '@savepoint/core/operations/dead-letters.ts';
import { isStageName, type StageName, stageNames } from '@savepoint/core/topology.ts';
import type { Context } from 'hono';
import * as v from 'valibot';
import { readMax } from './max-parameter.ts';
import { HttpProblem } from './problem.ts';
import { bodyObject, readBody } from './request-body.ts';

/** Looking at, redriving and discarding dead letters. */

const selection = {
  import_id: v.optional(v.string('must be an import id')),
  message_id: v.optional(v.string('must be the message_id of a dead letter')),
  code: v.optional(v.string('must be the code of an error')),
  max: v.optional(
    v.pipe(
      v.number('must be a number'),
      v.integer('must be a whole number'),
      v.minValue(1, 'must be at least 1'),
    ),
  ),
  dry_run: v.optional(v.boolean('must be true or false')),
};
export const RedriveBody = bodyObject('{"code": "STEAM_UNAVAILABLE", "max": 10, "dry_run": true}', selection);
export const DiscardBody = bodyObject('{"code": "CSV_HEADER_INVALID", "dry_run": true}', {
  ...selection,
  all: v.optional(v.boolean('must be true or false')),
});

/** Below 1 MB, with what stands around the messages. */
const answerLimitBytes = 990_000;

export const deadLetterHandlers = ({ deadLetters }: { deadLetters: DeadLetters }) => ({
  async listDeadLetters(context: Context) {
    const stage = stageOf(context);
    const max = readMax(context, { standard: 100, most: 1000 });
    const code = context.req.query('code');
    const page = await deadLetters.list(stage, { max, ...(code !== undefined && { code }) });
    return context.json(fitPage(page, answerLimitBytes));
  },
  async redrive(context: Context) {
    const stage = stageOf(context);
    return context.json(await deadLetters.redrive(stage, selectionOf(await readBody(context, RedriveBody))));
  },
  async discard(context: Context) {
    const stage = stageOf(context);
    const body = await readBody(context, DiscardBody);
    const isChosen = [body.import_id, body.message_id, body.code].some((filter) => filter !== undefined);
    if (!isChosen && body.all !== true)
      throw new HttpProblem(
        400,
        'SELECTION_MISSING',
        'Say which dead letters to delete for good: import_id, message_id or code, or "all": true.',
      );
    return context.json(await deadLetters.discard(stage, selectionOf(body)));
  },
});

const selectionOf = (body: v.InferOutput<typeof RedriveBody>): DeadLetterSelection => ({
  ...(body.import_id !== undefined && { importId: body.import_id }),
  ...(body.message_id !== undefined && { messageId: body.message_id }),
  ...(body.code !== undefined && { code: body.code }),
  ...(body.max !== undefined && { max: body.max }),
  dryRun: body.dry_run ?? false,
});

function stageOf(context: Context): StageName {
  const name = context.req.param('stage') ?? '';
  if (isStageName(name)) return name;
  throw new HttpProblem(
    404,
    'STAGE_NOT_FOUND',
    `There is no such stage; the stages are ${stageNames.join(', ')}.`,
  );
}
