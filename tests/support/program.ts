import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { programEnvironment } from './program-environment.ts';

/** A program of the repository, run as `npm run` would, with all that it prints. */
export type Program = {
  process: ChildProcess;
  output(): string;
  /** Waits until the output matches. @throws Error when the program ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** The exit code, or the signal that ended it. */
  ended: Promise<number | string>;
};

const root = resolve(import.meta.dirname, '../..');

/** @param variables beside PATH and HOME, the whole environment. @param cwd where `.env` is looked for: not in the root. */
export function runProgram(
  file: string,
  args: string[] = [],
  variables: Record<string, string> = {},
  cwd = tmpdir(),
): Program {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [join(root, file), ...args], {
    cwd,
    env: { PATH, HOME, ...programEnvironment, ...variables },
  });
  let output = '';
  const listeners = new Set<() => void>();
  const take = (chunk: Buffer) => {
    output += chunk.toString();
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  return {
    process: child,
    output: () => output,
    ended,
    printed: (pattern) =>
      new Promise((resolvePrinted, reject) => {
        const look = () => {
          const found = pattern.exec(output);
          if (!found) return;
          listeners.delete(look);
          resolvePrinted(found);
        };
        listeners.add(look);
        void ended.then((how) => {
          if (!pattern.test(output))
            reject(new Error(`${file} ended (${how}) without printing ${pattern}:\n${output}`));
        });
        look();
      }),
  };
}
