import * as v from 'valibot';
import { stageNames } from '../../topology.ts';

/** What answers of the HTTP API are made of. */

export const time = v.pipe(v.string(), v.isoTimestamp());
export const nullableTime = v.nullable(time);
export const steamId = v.pipe(v.string(), v.regex(/^\d{17}$/));
export const importId = v.pipe(v.string(), v.regex(/^\d{17}-[A-Za-z0-9:-]{1,64}$/));
export const stage = v.picklist(stageNames);
export const text = v.string();
export const nullableText = v.nullable(v.string());
export const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Of a list that goes on. */
export const nextCursor = v.optional(v.string());

/** RFC 9457, with a stable code. */
export const Problem = v.looseObject({
  type: text,
  title: text,
  status: count,
  code: v.pipe(v.string(), v.regex(/^[A-Z][A-Z0-9_]+$/)),
  detail: text,
});
export type Problem = v.InferOutput<typeof Problem>;
