import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';

/** `{DATA_DIR}/stack.json`: where a running local stack can be reached, for other programs on this machine. */
export const StackFile = v.object({
  pid: v.number(),
  api_url: v.string(),
  aws_endpoint_url: v.string(),
  /** False where AWS_ENDPOINT_URL named another one. */
  aws_is_embedded: v.optional(v.boolean(), true),
  aws_region: v.string(),
  s3_bucket: v.string(),
  database_url: v.string(),
  /** What `savepoint simulate` may do to it. */
  troubles: v.optional(v.array(v.string()), []),
});
export type StackFile = v.InferOutput<typeof StackFile>;
type WrittenStackFile = v.InferInput<typeof StackFile>;

const pathIn = (dataDir: string) => join(dataDir, 'stack.json');

export function writeStackFile(dataDir: string, stack: WrittenStackFile): void {
  // The database URL has a password: for the owner's eyes.
  writeFileSync(pathIn(dataDir), `${JSON.stringify(stack, null, 2)}\n`, { mode: 0o600 });
}

export const removeStackFile = (dataDir: string): void => rmSync(pathIn(dataDir), { force: true });

/** Null when no stack runs on this directory. */
export function readStackFile(dataDir: string): StackFile | null {
  try {
    const parsed = v.safeParse(StackFile, JSON.parse(readFileSync(pathIn(dataDir), 'utf8')));
    if (!parsed.success) return null;
    process.kill(parsed.output.pid, 0);
    return parsed.output;
  } catch {
    return null;
  }
}
