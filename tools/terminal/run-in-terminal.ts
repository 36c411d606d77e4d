import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export type TerminalRun = {
  process: ChildProcess;
  /** All that it wrote so far, as a terminal gets it. */
  written(): string;
  /** Resolves to `written()` when the program has ended. */
  ended: Promise<string>;
  /** Waits until something was written. @throws Error when the program ends before. */
  printed(text: string): Promise<void>;
};

export type TerminalOptions = { columns: number; cwd: string; variables?: Record<string, string> };

/**
 * Runs a command of the shell in a pseudo-terminal, which util-linux's `script` makes: Node has none. Without a keyboard.
 */
export function runInTerminal(
  command: string,
  { columns, cwd, variables = {} }: TerminalOptions,
): TerminalRun {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn('script', ['-qec', `stty rows 40 cols ${columns}; ${command}`, '/dev/null'], {
    cwd,
    env: { PATH, HOME, TERM: 'xterm-256color', SHELL: '/bin/sh', LANG: 'C.UTF-8', ...variables },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let text = '';
  const look = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    for (const each of look) each();
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const ended = once(child, 'close').then(() => text);
  return {
    process: child,
    written: () => text,
    ended,
    printed: (wanted) =>
      new Promise((resolve, reject) => {
        const found = () => text.includes(wanted) && resolve();
        look.add(found);
        void ended.then(() => reject(new Error(`${command} ended without printing ${wanted}:\n${text}`)));
        found();
      }),
  };
}
