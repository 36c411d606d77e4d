import { parseVariables } from '@savepoint/functions/runtime/env.ts';
import { localVariables } from '@savepoint/local/local-env.ts';
import { startLocalStack } from '@savepoint/local/local-stack.ts';
import { killNow, startChildProgram } from '../../support/child-program.ts';
import { impatient } from '../../support/operated-stack.ts';

export type RunningStack = {
  apiUrl: string;
  pid: number;
  isRunning(): boolean;
  /** As a power cut would; where it shares this process, it is stopped with care. */
  kill(): Promise<void>;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  close(): Promise<void>;
};

type Variables = Record<string, string>;

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export async function startStackHere(variables: Variables): Promise<RunningStack> {
  const env = parseVariables(localVariables, variables);
  const stack = await startLocalStack({ env, log: silent, durable: false, ...impatient });
  let runs = true;
  const close = async () => {
    if (!runs) return;
    runs = false;
    await stack.close();
  };
  return {
    apiUrl: stack.apiUrl,
    pid: process.pid,
    isRunning: () => runs,
    kill: close,
    signal: () => undefined,
    close,
  };
}

/** The same in a Node of its own. */
export async function startStackProcess(variables: Variables): Promise<RunningStack> {
  const program = `
import { startStackHere } from './tests/chaos/harness/running-stack.ts';
const stack = await startStackHere(${JSON.stringify(variables)});
console.log(stack.apiUrl);
`;
  const child = await startChildProgram(program);
  let runs = true;
  const kill = async () => {
    runs = false;
    // One that was halted would never end.
    child.process.kill('SIGCONT');
    await killNow(child);
  };
  return {
    apiUrl: child.firstLine,
    pid: child.process.pid!,
    isRunning: () => runs,
    kill,
    signal: (name) => void child.process.kill(name),
    close: kill,
  };
}
