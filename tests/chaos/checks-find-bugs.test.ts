import { jest } from '@jest/globals';
import { faultOf } from './faults/all.ts';
import { plantedBugs } from './harness/planted-bugs.ts';
import { makeModel, type Model, runTrial } from './harness/trial.ts';

/** A check that has never found anything proves nothing. */

jest.setTimeout(300_000);

let model: Model;
beforeAll(async () => {
  model = await makeModel();
});

/** On a busy machine a fault may pass before anything meets it, and then the bug does no harm: one in three trials must find it. */
const seeds = [3, 4, 5];

test.each(plantedBugs)('it is found that $name', async ({ fault, plant, foundAs }) => {
  const kinds: string[] = [];
  for (const seed of seeds) {
    const { findings } = await runTrial([faultOf(fault)], seed, model, plant);
    kinds.push(...findings.map(({ kind }) => kind));
    if (kinds.includes(foundAs)) break;
  }
  expect(kinds).toContain(foundAs);
});
