import type { Context } from 'hono';
import * as v from 'valibot';
import { HttpProblem } from './problem.ts';

/** The query parameter `max` of a list. @throws HttpProblem 400 MAX_INVALID */
export function readMax(context: Context, { standard, most }: { standard: number; most: number }): number {
  const max = v.safeParse(
    v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number), v.minValue(1), v.maxValue(most)),
    context.req.query('max') ?? String(standard),
  );
  if (max.success) return max.output;
  throw new HttpProblem(400, 'MAX_INVALID', `max must be a number from 1 to ${most}.`);
}
