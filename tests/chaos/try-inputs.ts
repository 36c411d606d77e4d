import fc from 'fast-check';
import { inputClasses } from '../hostile/classes.ts';
import { heapGrowth, mostGrowthBytes } from '../hostile/heap-growth.ts';
import { generatedRuns, type InputClass } from '../hostile/input-class.ts';

/** Bad inputs of one class, and how many of them were taken as they must not be. */
export type InputVerdict = {
  name: string;
  runs: number;
  wrong: number;
  seconds: number;
  /** What further inputs left in memory, in KB. */
  keptKb: number;
};

/** Every bad input that has a name, and as many generated ones as the tests take. */
export async function tryInputs(seed: number): Promise<InputVerdict[]> {
  const verdicts: InputVerdict[] = [];
  for (const one of inputClasses) verdicts.push(await tryClass(one, seed));
  return verdicts;
}

async function tryClass(one: InputClass, seed: number): Promise<InputVerdict> {
  const { name, named, generated, check } = one;
  const startedAt = performance.now();
  const inputs = [
    ...named.map(([, input]) => input),
    ...fc.sample(generated, { numRuns: generatedRuns, seed }),
  ];
  let wrong = 0;
  for (const input of inputs) {
    try {
      await check(input);
    } catch (error) {
      wrong += 1;
      console.log(`FAILS  ${name}: ${String(error)}`);
    }
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const grownBytes = await heapGrowth(one, seed);
  if (grownBytes > mostGrowthBytes) wrong += 1;
  return { name, runs: inputs.length, wrong, seconds, keptKb: Math.max(0, Math.round(grownBytes / 1024)) };
}
