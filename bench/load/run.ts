import type { Measure, Run } from '../bench.ts';
import { median, seconds } from '../report.ts';
import { copyTables } from './copy-floor.ts';
import { type Databases, startDatabases } from './databases.ts';
import { names, type Size, sizes } from './figures.ts';
import { type LoadTimes, measureCopy, measureLoad, measureOldStatements } from './measure.ts';
import { sampleLibrary } from './sample-library.ts';

/** The figure of COPY scatters more than that of a load: fewer rounds once gave 1.34 in place of 1.17. */
const rounds = { quick: 3, full: 7 };
const bytesPerMegabyte = 1024 * 1024;

export const measure: Measure = async (run) => {
  run.tell('starting PostgreSQL');
  const databases = await startDatabases();
  try {
    const measured = {};
    for (const size of run.quick ? sizes.slice(0, 1) : sizes)
      Object.assign(measured, await measureSize(databases, size, run));
    if (!run.quick) Object.assign(measured, await measureOld(databases, run));
    return { measured };
  } finally {
    await databases.close();
  }
};

/** The two ways take turns, so that a busy moment of the machine hits both. Each ratio is the median of the rounds' own. */
async function measureSize(databases: Databases, size: Size, { quick, tell }: Run) {
  const label = `${size.toLocaleString('en')} rows`;
  const rows = sampleLibrary(size);
  const tables = copyTables(rows);
  const copies: number[] = [];
  const loads: LoadTimes[] = [];
  // A round that does not count: Node compiles what runs often, PostgreSQL fills its caches.
  tell(`${label}: a round to warm up`);
  await measureCopy(databases, tables);
  await measureLoad(databases, rows);
  const count = quick ? rounds.quick : rounds.full;
  for (let round = 0; round < count; round++) {
    tell(`${label}, round ${round + 1} of ${count}: COPY; first import, the same again, a newer one`);
    copies.push(await measureCopy(databases, tables));
    loads.push(await measureLoad(databases, rows));
  }
  const of = (pick: (load: LoadTimes, round: number) => number) => median(loads.map(pick));
  const times = (...ms: number[]) => ms.map((each) => seconds(each / 1000)).join(' / ');
  const first = of(({ firstMs }) => firstMs);
  return {
    [names.first(size)]: {
      value: of(({ firstMs }, round) => firstMs / copies[round]!),
      detail: times(first, median(copies)),
    },
    [names.again(size)]: {
      value: of(({ againMs, firstMs }) => againMs / firstMs),
      detail: times(
        of(({ againMs }) => againMs),
        first,
      ),
    },
    [names.againWal(size)]: { value: of(({ againWalBytes }) => againWalBytes) / bytesPerMegabyte },
    [names.newer(size)]: {
      value: of(({ newerMs, firstMs }) => newerMs / firstMs),
      detail: times(
        of(({ newerMs }) => newerMs),
        first,
      ),
    },
    [names.newerWal(size)]: { value: of(({ newerWalBytes }) => newerWalBytes) / bytesPerMegabyte },
    [names.touched]: { value: Math.max(...loads.map(({ rowsTouched }) => rowsTouched)) },
  };
}

/** Once: they take a minute and a half, and are sixty times slower whatever the machine does meanwhile. */
async function measureOld(databases: Databases, { tell }: Run) {
  const rows = sampleLibrary(10_000);
  tell('old statements, 10,000 rows');
  const oldMs = await measureOldStatements(databases, rows);
  const { firstMs } = await measureLoad(databases, rows);
  return {
    [names.old]: {
      value: oldMs / firstMs,
      detail: `${seconds(oldMs / 1000)} / ${seconds(firstMs / 1000)}`,
    },
  };
}
