import type { Context } from 'hono';
import * as v from 'valibot';
import { HttpProblem } from './problem.ts';

/**
 * The query parameters of a call. One that it does not know is refused: a mistyped filter must not answer more than was
 * asked for.
 * @throws HttpProblem 400 PARAMETER_INVALID, UNKNOWN_PARAMETER
 */
export function readQuery<Entries extends v.ObjectEntries>(
  context: Context,
  schema: v.StrictObjectSchema<Entries, undefined>,
): v.InferOutput<v.StrictObjectSchema<Entries, undefined>> {
  const query = v.safeParse(schema, context.req.query());
  if (query.success) return query.output;
  const [issue] = query.issues;
  const name = v.getDotPath(issue) ?? '';
  if (issue.type === 'strict_object' && issue.expected !== 'never')
    throw new HttpProblem(400, 'PARAMETER_INVALID', `The parameter ${name} is missing.`);
  if (issue.type !== 'strict_object')
    throw new HttpProblem(400, 'PARAMETER_INVALID', `${name} ${issue.message}.`);
  const known = Object.keys(schema.entries);
  throw new HttpProblem(
    400,
    'UNKNOWN_PARAMETER',
    `There is no parameter ${name.slice(0, 100)}; there ${known.length === 0 ? 'are none' : `are ${known.join(', ')}`}.`,
  );
}

const none = v.strictObject({});
/** For calls that take none. @throws HttpProblem 400 UNKNOWN_PARAMETER */
export const refuseQuery = (context: Context): void => void readQuery(context, none);
