import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Measure, Run } from '../bench.ts';
import type { Measured } from '../figure.ts';
import { median, seconds } from '../report.ts';
import { names } from './figures.ts';
import { type ImportCost, measureFirstImports, measureKnownImports } from './imports.ts';
import { measureCommand, measureDemo, measureStart, type StartTimes, withStarted } from './programs.ts';

const rounds = { quick: 1, full: 3 };
/** Of a command: a start is short, and scatters. */
const commandRuns = 5;
/** What people ask of a local stack without changing anything. */
const commands = [
  ['queues'],
  ['imports'],
  ['status'],
  ['dlq', 'list'],
  ['dlq', 'causes'],
  ['overrides', 'list'],
];

/** Medians of rounds in which all take turns, so that a busy moment of the machine hits all of them. */
export const measure: Measure = async (run) => {
  const firsts: ImportCost[] = [];
  const known: { same: ImportCost; other: ImportCost }[] = [];
  const crowds: ImportCost[] = [];
  const demos: number[] = [];
  const starts: StartTimes[] = [];
  const count = run.quick ? rounds.quick : rounds.full;
  for (let round = 1; round <= count; round++) {
    const tell = (what: string) => run.tell(`round ${round} of ${count}: ${what}`);
    tell('a first import');
    firsts.push(await measureFirstImports(1, 1000));
    tell('what is known, from new processes');
    known.push(await measureKnownImports(1000));
    tell('the demo, and npm start');
    demos.push(await measureDemo());
    starts.push(await measureStart());
    if (run.quick) continue;
    tell('50 libraries at once');
    crowds.push(await measureFirstImports(50, 1000));
  }
  const spread = (values: readonly number[]): Measured =>
    values.length === 1
      ? { value: values[0]! }
      : {
          value: median(values),
          detail: `${seconds(Math.min(...values))} to ${seconds(Math.max(...values))}`,
        };
  const worst = (costs: readonly ImportCost[]): Measured => ({
    value: Math.max(...costs.map(({ requests }) => requests)),
  });
  const time = (costs: readonly ImportCost[]) => spread(costs.map((cost) => cost.seconds));
  const same = known.map((each) => each.same);
  const other = known.map((each) => each.other);
  return {
    measured: {
      [names.first]: time(firsts),
      [names.sameRequests]: worst(same),
      [names.same]: time(same),
      [names.otherRequests]: worst(other),
      [names.other]: time(other),
      ...(crowds.length > 0 && { [names.crowdRequests]: worst(crowds), [names.crowd]: time(crowds) }),
      [names.demo]: spread(demos),
      [names.cold]: spread(starts.map(({ cold }) => cold)),
      [names.warm]: spread(starts.map(({ warm }) => warm)),
      ...(await measureCommands(run)),
    },
  };
};

async function measureCommands({ tell }: Run): Promise<Record<string, Measured>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'savepoint-bench-'));
  const medianOf = async (words: readonly string[]) => {
    const times: number[] = [];
    for (let each = 0; each < commandRuns; each++) times.push(await measureCommand(words, dataDir));
    return median(times);
  };
  try {
    return await withStarted(dataDir, {}, async () => {
      tell('commands of savepoint');
      // So that there is an import to tell of.
      await measureCommand(['import', 'savepoint-sample', '--wait'], dataDir);
      const version = await medianOf(['--version']);
      const times: { words: readonly string[]; seconds: number }[] = [];
      for (const words of commands) times.push({ words, seconds: await medianOf(words) });
      const slowest = times.toSorted((a, b) => b.seconds - a.seconds)[0]!;
      return {
        [names.version]: { value: version },
        [names.command]: { value: slowest.seconds, detail: slowest.words.join(' ') },
      };
    });
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
