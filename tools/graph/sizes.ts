import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundling } from '../../stacks/bundling.ts';
import { bundleHandler } from './bundle-handler.ts';
import { startBundle } from './start-bundle.ts';

/** The functions that `stacks/` deploys, in the order of the flow. */
const functionNames = [
  'api',
  'authorizer',
  'steam-import',
  'igdb-enrichment',
  'database-import',
  'migrate',
  'reconcile',
];
const startsMeasured = 5;

const directory = await mkdtemp(join(tmpdir(), 'savepoint-sizes-'));
try {
  console.log('function          at start   ready in (median of 5, a new Node process each)');
  for (const name of functionNames) {
    const bundle = await bundleHandler(`packages/functions/${name}.handler`, join(directory, name), bundling);
    const starts: number[] = [];
    for (let i = 0; i < startsMeasured; i++) starts.push(await startBundle(bundle));
    starts.sort((a, b) => a - b);
    const median = starts[Math.floor(startsMeasured / 2)] ?? 0;
    const kilobytes = (bundle.bytesAtStart / 1000).toFixed(0).padStart(5);
    console.log(`${name.padEnd(18)}${kilobytes} KB   ${median.toFixed(0).padStart(5)} ms`);
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}
