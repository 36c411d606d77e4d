import { requestBodyLimitBytes } from '@savepoint/core/topology.ts';
import type { Context } from 'hono';
import * as v from 'valibot';
import { HttpProblem } from './problem.ts';

/**
 * A JSON object as a request's body; `example` is shown to whoever sends something else. A field that it does not know
 * is refused: a mistyped `dryRun` must not move what it should have counted.
 */
export const bodyObject = <Entries extends v.ObjectEntries>(example: string, entries: Entries) =>
  v.strictObject(entries, (issue) => {
    if (isUnknownField(issue)) return `is no field of this body; send ${example}`;
    return issue.expected === 'Object' ? `must be an object like ${example}` : `is missing; send ${example}`;
  });

const isUnknownField = ({ type, expected }: v.BaseIssue<unknown>): boolean =>
  type === 'strict_object' && expected === 'never';

/**
 * A request's JSON body, parsed by `schema`. An empty body is `{}` where `schema` allows that, but it must say that it is
 * JSON as well: without that a browser sends it for any page, and asks nobody.
 * @throws HttpProblem 413 BODY_TOO_LARGE, 415 NOT_JSON, 400 BODY_INVALID, BODY_INCOMPLETE, UNKNOWN_FIELD
 */
export async function readBody<Output>(
  context: Context,
  schema: v.GenericSchema<unknown, Output>,
): Promise<Output> {
  const text = new TextDecoder().decode(await readBytes(context, requestBodyLimitBytes));
  const contentType = context.req.header('content-type') ?? '';
  if (!/^application\/(json|[\w.-]+\+json)\s*(;|$)/i.test(contentType))
    throw new HttpProblem(
      415,
      'NOT_JSON',
      'Send the header content-type: application/json, and the body, where there is one, as JSON.',
    );
  const parsed = v.safeParse(schema, parseJson(text));
  if (parsed.success) return parsed.output;
  throw new HttpProblem(
    400,
    parsed.issues.some(isUnknownField) ? 'UNKNOWN_FIELD' : 'BODY_INVALID',
    parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'The body'} ${issue.message}`).join('; '),
  );
}

/** A request's body, of which no more is taken in than is allowed. @throws HttpProblem 413 BODY_TOO_LARGE, 400 BODY_INCOMPLETE */
export async function readBytes(context: Context, limitBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const declaredBytes = Number(context.req.header('content-length') ?? 0);
  if (declaredBytes > limitBytes) throw tooLarge(limitBytes);
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of context.req.raw.body ?? []) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > limitBytes) throw tooLarge(limitBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    // The caller hung up: no fault of ours.
    throw error instanceof HttpProblem ? error : incomplete();
  }
  return Buffer.concat(chunks);
}

function parseJson(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpProblem(400, 'BODY_INVALID', 'The body says that it is JSON, but it cannot be parsed.');
  }
}

const incomplete = () => new HttpProblem(400, 'BODY_INCOMPLETE', 'The body ended too early.');

const tooLarge = (limitBytes: number) =>
  new HttpProblem(413, 'BODY_TOO_LARGE', `The body is larger than ${limitBytes / 1024} KiB.`);
