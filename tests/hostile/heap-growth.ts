import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import type { InputClass } from './input-class.ts';

/** Inputs that are seen before anything is measured, and as many again for each of three measurements. */
const portion = 700;
/** Not all at once, or they would be what is measured. */
const atOnce = 100;

/** What a portion may leave behind, some 140 bytes an input: what the engine keeps of code comes to less. */
export const mostGrowthBytes = 100_000;

/**
 * What is still held after so many bad inputs that was not held after a portion of them, in bytes: the least of three
 * portions, since the engine keeps things of its own now and then, and what leaks does so in each.
 */
export async function heapGrowth(input: InputClass, seed: number): Promise<number> {
  const collect = collector();
  await feed(input, seed);
  const growths: number[] = [];
  let before = held(collect);
  for (let turn = 1; turn <= 3; turn += 1) {
    await feed(input, seed + turn * portion);
    const after = held(collect);
    growths.push(after - before);
    before = after;
  }
  return Math.min(...growths);
}

async function feed({ named, generated, check }: InputClass, seed: number): Promise<void> {
  for (let fed = 0; fed < portion; fed += atOnce) {
    const some = fc.sample(generated, { numRuns: atOnce, seed: seed + fed });
    const inputs = fed === 0 ? [...named.map(([, one]) => one), ...some] : some;
    // Whether they are taken rightly is asked elsewhere.
    for (const one of inputs) await Promise.resolve(check(one)).catch(() => undefined);
  }
}

function held(collect: () => void): number {
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
