import { jest } from '@jest/globals';
import { faultOf } from './faults/all.ts';
import { plantedBugs } from './harness/planted-bugs.ts';
import { makeModel, type Model, runTrial } from './harness/trial.ts';

/** A check that has never found anything proves nothing. */

jest.setTimeout(120_000);

let model: Model;
beforeAll(async () => {
  model = await makeModel();
});

test.each(plantedBugs)('it is found that $name', async ({ fault, plant, foundAs }) => {
  const { findings } = await runTrial([faultOf(fault)], 3, model, plant);
  expect(findings.map(({ kind }) => kind)).toContain(foundAs);
});
