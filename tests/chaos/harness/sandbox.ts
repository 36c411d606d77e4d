import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Context } from 'aws-lambda';

/** A process that runs one function, as Lambda keeps one: event after event, until something ends it. */
export type Sandbox = {
  /** @throws Error when the process ends before it answers. */
  invoke(event: unknown, context: Context): Promise<unknown>;
  freeze(): void;
  thaw(): void;
  /** How far its clock is behind; while it is frozen it does not notice that it is set. */
  setBehind(milliseconds: number): void;
  /** Takes memory until the process dies of it. @returns resolves when it has. */
  exhaustMemory(): Promise<void>;
  isRunning(): boolean;
  kill(): Promise<void>;
};

const answerMark = 'answer of the handler: ';

/** The clock is read anew each time: it jumps while the process is halted, between two instructions. */
const script = `
  import { openSync, readSync } from 'node:fs';
  import { createInterface } from 'node:readline';
  const [bundle, clock] = process.argv.slice(1);
  const file = openSync(clock);
  const behind = Buffer.alloc(8);
  const { now } = Date;
  const clockNow = () => (readSync(file, behind, 0, 8, 0), now() - behind.readDoubleLE());
  globalThis.Date = new Proxy(Date, {
    construct: (date, given, target) => Reflect.construct(date, given.length > 0 ? given : [clockNow()], target),
    get: (date, name) => (name === 'now' ? clockNow : date[name]),
  });
  const { handler } = await import(bundle);
  const kept = [];
  const takeMemory = () => {
    kept.push(Array.from({ length: 500_000 }, Math.random));
    setImmediate(takeMemory);
  };
  for await (const line of createInterface(process.stdin)) {
    const { event, context, takesMemory } = JSON.parse(line);
    if (takesMemory) takeMemory();
    else {
      const deadline = performance.now() + context.remainingMs;
      handler(event, { ...context, getRemainingTimeInMillis: () => deadline - performance.now() }).then(
        (answer) => console.log(${JSON.stringify(answerMark)} + JSON.stringify(answer ?? null)),
        () => process.exit(1),
      );
    }
  }`;

/** What V8 may take, in MB: far more than a small library needs. */
const heapMb = 128;

export function startSandbox(
  bundleDirectory: string,
  environment: Record<string, string>,
  clockFile: string,
): Sandbox {
  const setBehind = (milliseconds: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(milliseconds);
    writeFileSync(clockFile, bytes);
  };
  setBehind(0);
  const child = spawn(
    process.execPath,
    [
      `--max-old-space-size=${heapMb}`,
      '--input-type=module',
      '--eval',
      script,
      join(bundleDirectory, 'bundle.mjs'),
      clockFile,
    ],
    { cwd: bundleDirectory, env: environment, stdio: ['pipe', 'pipe', 'ignore'] },
  );
  // Whoever died takes no more.
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'exit').then(() => undefined);
  const lines = createInterface(child.stdout);
  const answers = new EventTarget();
  lines.on('line', (line) => {
    if (line.startsWith(answerMark))
      answers.dispatchEvent(
        new MessageEvent('answer', { data: JSON.parse(line.slice(answerMark.length)) as unknown }),
      );
  });
  const tell = (message: object) => child.stdin.write(`${JSON.stringify(message)}\n`);
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  return {
    async invoke(event, context) {
      const answer = once(answers, 'answer').then(([{ data }]) => data as unknown);
      tell({ event, context: { ...context, remainingMs: context.getRemainingTimeInMillis() } });
      return Promise.race([
        answer,
        ended.then(() => Promise.reject(new Error('The sandbox ended before it answered.'))),
      ]);
    },
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    setBehind,
    exhaustMemory: async () => {
      tell({ takesMemory: true });
      await ended;
    },
    isRunning,
    kill: async () => {
      if (isRunning()) child.kill('SIGKILL');
      await ended;
    },
  };
}
