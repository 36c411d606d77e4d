import { jest } from '@jest/globals';
import { allFaults, faultOf } from './faults/all.ts';
import type { NamedFault } from './harness/named-fault.ts';
import { makeModel, type Model, runTrial, type Verdict } from './harness/trial.ts';

/** A slice of what `npm run chaos` tries; each is repeated with `npm run chaos -- --fault NAME --seed SEED`. */

jest.setTimeout(240_000);

const slice = [
  'event-duplicated',
  'event-missing',
  'foreign-record-of-three',
  'postgres-commit-answer-lost',
  'postgres-fails-over',
  's3-503+sqs-delete-answer-lost',
  's3-answer-lost+event-delayed',
  'sqs-send-answer-lost+steam-429',
  'steam-malformed-entries+postgres-deadlock',
  'steam-leaves-out-fields',
  'steam-store-silent-later',
  'sqs-visibility-503',
  'igdb-truncated+igdb-token-expires',
];
const slowSlice = [
  'killed-before-acknowledgement',
  'frozen-and-thawed',
  'lambda-out-of-memory',
  'lambda-frozen-for-an-hour',
  'lambda-fails-in-part',
];

let model: Model;
beforeAll(async () => {
  model = await makeModel();
});

/** Mostly they wait, so that some go side by side. */
async function tryAll(names: readonly string[], atOnce: number): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const queue = names.entries();
  const worker = async () => {
    for (const [index, name] of queue)
      verdicts.push(await runTrial(name.split('+').map(faultOf), 100 + index, model));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return verdicts;
}

const failuresOf = (verdicts: readonly Verdict[]) =>
  verdicts
    .filter(({ findings }) => findings.length > 0)
    .map(({ faults, seed, findings }) => ({ faults, seed, findings }));

test('whatever fails, nothing is lost, stuck or untrue, and the database equals the model', async () => {
  const verdicts = await tryAll(slice, 3);
  expect(failuresOf(verdicts)).toEqual([]);
  // Also beside another one.
  expect(verdicts.filter(({ met }) => met.includes(0))).toEqual([]);
  expect(verdicts).toHaveLength(slice.length);
});

test('nor when the process that works is killed or frozen', async () => {
  expect(failuresOf(await tryAll(slowSlice, 3))).toEqual([]);
});

test('a fault that meets nothing is a failure, since it proves nothing', async () => {
  const nowhere: NamedFault = {
    name: 'nowhere',
    area: 'storage',
    begin: (world) => world.aws.add(() => null),
  };
  const { findings } = await runTrial([nowhere], 1, model);
  expect(findings).toEqual([{ kind: 'unmet', what: 'nothing met nowhere' }]);
});

test('every fault has a name of its own', () => {
  expect(new Set(allFaults.map(({ name }) => name)).size).toBe(allFaults.length);
  expect(allFaults.length).toBeGreaterThan(25);
});
