/**
 * What an enrichment asks of IGDB and how long that takes, against one request an app, and the memory of a very
 * large one: `npm run bench:enrichment`, about six minutes; `-- --quick` for 100 and 1,000 apps alone.
 */
import { parseArgs } from 'node:util';
import { getHeapStatistics } from 'node:v8';
import { count, machineLine, markdownTable, seconds } from '../report.ts';
import { type MemoryUse, measureMemory } from './measure-memory.ts';
import { type EnrichmentCost, measureEnrichment, measureOneRequestPerApp } from './measure-requests.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const sizes = values.quick ? [100, 1000] : [100, 1000, 5000, 30_000];
/** As many as are really sent one by one; at 4 requests a second, 30,000 would take more than two hours. */
const appsOneByOne = 100;

const libraries = [
  { label: 'every app known by uid', shares: { knownByUid: 1, knownByName: 0 }, sizes: [1000] },
  { label: 'mixed', shares: {}, sizes },
];

const secondsPerRequest = await measureOneRequestPerApp(appsOneByOne);

const row = (label: string, apps: number, cost: EnrichmentCost): string[] => {
  const oneByOne = apps * secondsPerRequest;
  const requests = cost.uidRequests + cost.nameRequests + cost.searchRequests;
  return [
    label,
    count(apps),
    count(cost.matched),
    `${count(requests)} = ${cost.uidRequests} + ${cost.nameRequests} + ${cost.searchRequests}`,
    `${count(apps / requests)} ×`,
    seconds(cost.seconds),
    `${apps === appsOneByOne ? '' : '≈ '}${seconds(oneByOne)}`,
    `${count(oneByOne / cost.seconds)} ×`,
    String(cost.refused),
  ];
};
const rows: string[][] = [];
for (const { label, shares, sizes: some } of libraries)
  for (const apps of some) rows.push(row(label, apps, await measureEnrichment({ apps, ...shares })));

console.log(
  markdownTable([
    [
      'library',
      'apps',
      'matched',
      'IGDB requests: uid + name + search',
      'fewer than one an app',
      'time',
      'time, one an app',
      'faster',
      'refused (429)',
    ],
    ...rows,
  ]),
);
console.log(
  `\n4 requests a second and 120 ms latency in force. One request an app: ${appsOneByOne} sent (${seconds(secondsPerRequest)} each), ≈ computed from that.`,
);

/**
 * Node sizes its heap by the machine's memory, and the more it may have, the longer it keeps garbage. This is what
 * Node 24 allows itself under a memory limit of 1 GiB, which is the function's.
 */
const heapOfFunction = ['--max-heap-size=560'];

if (!values.quick) {
  const apps = 100_000;
  const [small, large] = await Promise.all([measureMemory(apps, heapOfFunction), measureMemory(apps, [])]);
  const memoryRow = (heap: string, target: string, use: MemoryUse): string[] => [
    heap,
    count(use.processed),
    count(use.matched),
    `${use.peakMegabytes} MB`,
    target,
    seconds(use.seconds),
  ];
  console.log(
    `\n${markdownTable([
      ["V8's heap", 'rows', 'matched', 'peak memory (RSS)', 'target', 'time'],
      memoryRow('560 MB, as under 1 GiB of memory', '< 256 MB', small),
      memoryRow(
        `${count(getHeapStatistics().heap_size_limit / 1024 / 1024)} MB, as on this machine`,
        '',
        large,
      ),
    ])}`,
  );
}
console.log(`\n${machineLine()}`);
