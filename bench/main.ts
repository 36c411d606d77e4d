/**
 * Measures what the documentation promises, and prints one table: `npm run bench`, some twelve minutes; `-- load` for one
 * group of figures, `-- --quick` for what takes less than two minutes in all. What it is doing is told on stderr.
 */
import { parseArgs } from 'node:util';
import type { Bench } from './bench.ts';
import { benches } from './benches.ts';
import type { Result } from './figure.ts';
import { writePlot, writeSection } from './pages.ts';
import { measuredOn } from './report.ts';
import { figuresTable, resultsOf } from './table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    'write-docs': { type: 'boolean', default: false },
  },
});
const unknown = positionals.filter((word) => !benches.some(({ name }) => name === word));
if (unknown.length > 0 || (values.quick && values['write-docs'])) {
  const names = benches.map(({ name }) => name).join(' ');
  console.error(`Usage: npm run bench -- [${names}] [--quick] [--json] [--write-docs, without --quick]`);
  process.exit(2);
}

const startedAt = performance.now();
const elapsed = () => `${String(Math.round((performance.now() - startedAt) / 1000)).padStart(4)} s`;

async function measureBench({ name, page, figures, load }: Bench): Promise<Result[]> {
  const { measure } = await load();
  const { measured, plots = {} } = await measure({
    quick: values.quick,
    tell: (step) => void process.stderr.write(`${elapsed()}  ${name}: ${step}\n`),
  });
  const results = resultsOf(figures, measured);
  if (values['write-docs']) {
    await writeSection(page, name, `${figuresTable(results)}\n\n${measuredOn()}`);
    for (const [plot, svg] of Object.entries(plots)) await writePlot(plot, svg);
  }
  return results;
}

const chosen = positionals.length === 0 ? benches : benches.filter(({ name }) => positionals.includes(name));
const results: (Result & { bench: string })[] = [];
for (const bench of chosen)
  for (const result of await measureBench(bench)) results.push({ bench: bench.name, ...result });

if (values.json) console.log(JSON.stringify({ measured_on: measuredOn(), figures: results }, null, 2));
else console.log(`${figuresTable(results)}\n\n${measuredOn()} ${elapsed().trim()} in all.`);
