/**
 * How fast a library gets into PostgreSQL, against COPY and against how it was done before, as one table.
 * `npm run bench:load`; `-- --rounds 3 --old-rounds 1` for a shorter run. What it is doing is told on stderr.
 */
import { parseArgs } from 'node:util';
import { copyTables } from './copy-floor.ts';
import { type Databases, startDatabases } from './databases.ts';
import {
  type LoadTimes,
  measureCopy,
  measureLoad,
  measureOldStatements,
  measurePeakMemory,
} from './measure.ts';
import { sampleLibrary } from './sample-library.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, 'old-rounds': { type: 'string', default: '3' } },
});

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(2)} MB`;
const print = (...cells: string[]): void => console.log(`| ${cells.join(' | ')} |`);

const startedAt = performance.now();
const tell = (step: string): void => {
  const elapsed = Math.round((performance.now() - startedAt) / 1000);
  process.stderr.write(`${String(elapsed).padStart(4)} s  ${step}\n`);
};

/** The ways take turns, so that a busy moment of the machine hits all of them. Each ratio is the median of the rounds' own. */
async function compare(databases: Databases, rowCount: number, rounds: number, oldRounds: number) {
  const size = `${rowCount.toLocaleString('en')} rows`;
  tell(`${size}: making the sample library`);
  const rows = sampleLibrary(rowCount);
  const tables = copyTables(rows);
  const copies: number[] = [];
  const loads: LoadTimes[] = [];
  const olds: number[] = [];
  // A round that does not count: Node compiles what runs often, PostgreSQL fills its caches.
  tell(`${size}: a round to warm up`);
  await measureCopy(databases, tables);
  await measureLoad(databases, rows);
  if (oldRounds > 0) await measureOldStatements(databases, rows.slice(0, 500));
  for (let round = 0; round < rounds; round++) {
    const inRound = (step: string) => tell(`${size}, round ${round + 1} of ${rounds}: ${step}`);
    inRound('COPY');
    copies.push(await measureCopy(databases, tables));
    inRound('first import, the same again, a newer one');
    loads.push(await measureLoad(databases, rows));
    if (round >= oldRounds) continue;
    inRound('old statements');
    olds.push(await measureOldStatements(databases, rows));
  }
  const of = (pick: (load: LoadTimes) => number) => median(loads.map(pick));
  return {
    copy: median(copies),
    old: median(olds),
    first: of(({ firstMs }) => firstMs),
    again: of(({ againMs }) => againMs),
    newer: of(({ newerMs }) => newerMs),
    againWal: of(({ againWalBytes }) => againWalBytes),
    newerWal: of(({ newerWalBytes }) => newerWalBytes),
    // The machine's speed changes from one minute to the next.
    firstToCopy: median(loads.map(({ firstMs }, round) => firstMs / copies[round]!)),
    oldToFirst: olds.length === 0 ? 0 : median(olds.map((old, round) => old / loads[round]!.firstMs)),
    againToFirst: of(({ againMs, firstMs }) => againMs / firstMs),
    newerToFirst: of(({ newerMs, firstMs }) => newerMs / firstMs),
    touched: Math.max(...loads.map(({ rowsTouched }) => rowsTouched)),
  };
}

tell('starting PostgreSQL');
const databases = await startDatabases();
try {
  const rounds = Number(values.rounds);
  const oldRounds = Number(values['old-rounds']);
  const small = await compare(databases, 10_000, rounds, oldRounds);
  const large = await compare(databases, 50_000, rounds, 0);
  tell('100,000 rows: peak memory');
  const peak = await measurePeakMemory(databases, 100_000);
  const times = (ratio: number) => `${ratio.toFixed(2)} ×`;
  print('what', 'measured', 'ratio', 'target');
  print('---', '---', '---', '---');
  for (const [name, { first, copy, firstToCopy }] of Object.entries({ '10,000': small, '50,000': large }))
    print(
      `first import, ${name} rows, against COPY`,
      `${seconds(first)} / ${seconds(copy)}`,
      times(firstToCopy),
      '≤ 1.25 ×',
    );
  if (oldRounds > 0)
    print(
      'old statements, 10,000 rows, against first import',
      `${seconds(small.old)} / ${seconds(small.first)}`,
      times(small.oldToFirst),
      '≥ 60 ×',
    );
  print(
    'same import again, 50,000 rows, against first',
    `${seconds(large.again)} / ${seconds(large.first)}`,
    times(large.againToFirst),
    '≤ 0.4 ×',
  );
  print('its WAL', megabytes(large.againWal), '', '< 1 MB');
  print(
    'newer import, same contents, against first',
    `${seconds(large.newer)} / ${seconds(large.first)}`,
    times(large.newerToFirst),
    '≤ 0.4 ×',
  );
  print('its WAL', megabytes(large.newerWal), '', '< 1 MB');
  print('rows updated, deleted or dead after both', String(large.touched), '', '0');
  print('peak memory of the process, 100,000 rows', `${peak} MB`, '', '≤ 256 MB');
} finally {
  await databases.close();
}
