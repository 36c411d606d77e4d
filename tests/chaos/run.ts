/**
 * `npm run chaos`: faults under which the pipeline must lose nothing. `-- --fault s3-503 --seed 7` repeats one;
 * `-- --minutes 10` goes on with new seeds; `-- --report` tries each fault and writes docs/reliability.md. `-- --load` posts 500
 * imports at once, `-- --soak --minutes 30` works on and looks at what grows; with `--report` they go into the page as well.
 */
import { parseArgs } from 'node:util';
import startPostgres from '../support/start-postgres.ts';
import stopPostgres from '../support/stop-postgres.ts';
import { allFaults, faultOf } from './faults/all.ts';
import { chanceOf } from './harness/chance.ts';
import type { NamedFault } from './harness/named-fault.ts';
import { makeModel, type Model, runTrial, type Verdict } from './harness/trial.ts';
import { writeFigures, writeReport } from './report.ts';
import { tryInputs } from './try-inputs.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    minutes: { type: 'string' },
    fault: { type: 'string', multiple: true },
    runs: { type: 'string', default: '1' },
    'at-once': { type: 'string', default: '2' },
    report: { type: 'boolean', default: false },
    load: { type: 'boolean', default: false },
    soak: { type: 'boolean', default: false },
  },
});

/** Of a fault, or of two or three at once. */
type Planned = { faults: readonly NamedFault[]; seed: number };

function* plan(): Generator<Planned> {
  const firstSeed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
  const named = values.fault?.map((one) => one.split('+').map(faultOf));
  for (let run = 0; run < Number(values.runs) || values.minutes !== undefined; run += 1) {
    const seed = firstSeed + run;
    if (named) for (const faults of named) yield { faults, seed };
    else {
      for (const fault of allFaults) yield { faults: [fault], seed };
      for (let mix = 0; mix < 5; mix += 1) yield { faults: mixOf(seed * 100 + mix), seed: seed * 100 + mix };
    }
  }
}

function mixOf(seed: number): NamedFault[] {
  const chance = chanceOf(seed ^ 0x5a5a);
  const faults = new Set<NamedFault>();
  for (const wanted = chance.between(2, 3); faults.size < wanted; ) faults.add(chance.pick(allFaults));
  return [...faults];
}

const tell = ({ faults, seed, findings, met, seconds }: Verdict) => {
  const name = faults.join('+');
  console.log(
    `${findings.length === 0 ? 'holds' : 'FAILS'}  ${name}  seed ${seed}  met ${met.join('+')}  ${seconds.toFixed(1)} s`,
  );
  for (const { kind, what } of findings.slice(0, 5)) console.log(`       ${kind}: ${what}`);
  if (findings.length > 0) console.log(`       again: npm run chaos -- --fault ${name} --seed ${seed}`);
};

async function work(
  trials: Iterator<Planned>,
  model: Model,
  until: number,
  verdicts: Verdict[],
): Promise<void> {
  for (let next = trials.next(); !next.done && Date.now() < until; next = trials.next()) {
    const { faults, seed } = next.value;
    const verdict = await runTrial(faults, seed, model).catch(
      (error): Verdict => ({
        faults: faults.map(({ name }) => name),
        seed,
        findings: [{ kind: 'stuck', what: String(error) }],
        accepted: 0,
        duplicates: 0,
        met: [],
        seconds: 0,
      }),
    );
    verdicts.push(verdict);
    tell(verdict);
  }
}

async function measure(): Promise<void> {
  const name = values.load ? 'load' : 'soak';
  const figures = values.load
    ? await (await import('./load/load.ts')).measureLoad()
    : await (await import('./load/soak.ts')).measureSoak(
        Number(values.minutes ?? 30),
        Number(values.seed ?? 1),
      );
  for (const { what, value, holds } of figures)
    console.log(`${holds ? 'holds' : 'FAILS'}  ${what}: ${value}`);
  if (values.report) writeFigures(name, figures);
  process.exitCode = figures.every(({ holds }) => holds) ? 0 : 1;
}

async function tryFaults(): Promise<void> {
  const until =
    values.minutes === undefined ? Number.POSITIVE_INFINITY : Date.now() + Number(values.minutes) * 60_000;
  const model = await makeModel();
  const trials = plan();
  const verdicts: Verdict[] = [];
  await Promise.all(
    Array.from({ length: Number(values['at-once']) }, () => work(trials, model, until, verdicts)),
  );
  if (values.report) console.log(writeReport(verdicts, await tryInputs(Number(values.seed ?? 1))));
  const failed = verdicts.filter(({ findings }) => findings.length > 0);
  console.log(`${verdicts.length} runs, ${failed.length} failed.`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

await startPostgres();
try {
  await (values.load || values.soak ? measure() : tryFaults());
} finally {
  await stopPostgres();
}
