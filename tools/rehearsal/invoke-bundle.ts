import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { HandlerBundle } from '../graph/bundle-handler.ts';

/** Reads an event, calls the handler the way Lambda does, and prints its answer as the last line. */
const script = `
  import { text } from 'node:stream/consumers';
  const event = JSON.parse(await text(process.stdin));
  const { handler } = await import(process.argv[1]);
  const deadline = Date.now() + Number(process.argv[2]) * 1000;
  const answer = await handler(event, {
    awsRequestId: '00000000-0000-4000-8000-000000000000',
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  });
  process.stdout.write('\\n' + JSON.stringify(answer ?? null) + '\\n', () => process.exit(0));`;

/**
 * Calls a bundle's handler in a Node process of its own, which has the given environment and nothing else.
 * @returns its answer, and what it logged.
 * @throws Error with what the process said, when it fails.
 */
export async function invokeBundle(
  bundle: HandlerBundle,
  event: unknown,
  options: { environment: Record<string, string>; timeoutSeconds: number },
): Promise<{ answer: unknown; log: string }> {
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      script,
      `${bundle.directory}/bundle.mjs`,
      String(options.timeoutSeconds),
    ],
    { cwd: bundle.directory, env: options.environment },
  );
  child.stdin.end(JSON.stringify(event));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const lines = stdout.trimEnd().split('\n');
  try {
    return { answer: JSON.parse(lines.at(-1) ?? ''), log: lines.slice(0, -1).join('\n') + stderr };
  } catch {
    throw new Error(`The bundle in ${bundle.directory} gave no answer:\n${stdout}${stderr}`);
  }
}
