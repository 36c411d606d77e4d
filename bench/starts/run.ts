import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundling } from '../../stacks/bundling.ts';
import { bundleHandler } from '../../tools/graph/bundle-handler.ts';
import { startBundle } from '../../tools/graph/start-bundle.ts';
import type { Measure } from '../bench.ts';
import type { Measured } from '../figure.ts';
import { median } from '../report.ts';
import { functions, names } from './figures.ts';

const rounds = { quick: 5, full: 15 };

/** The bundles that are deployed and an empty handler start in turn, each in a new process. */
export const measure: Measure = async ({ quick, tell }) => {
  const directory = await mkdtemp(join(tmpdir(), 'savepoint-starts-'));
  try {
    tell('bundling the functions');
    const empty = { name: 'empty', directory: join(directory, 'empty'), starts: [] as number[] };
    await mkdir(empty.directory);
    await writeFile(join(empty.directory, 'bundle.mjs'), 'export const handler = async () => undefined;\n');
    const bundles = await Promise.all(
      functions.map(async ({ name }) => ({
        name,
        ...(await bundleHandler(`packages/functions/${name}.handler`, join(directory, name), bundling)),
        starts: [] as number[],
      })),
    );
    const count = quick ? rounds.quick : rounds.full;
    for (let round = 1; round <= count; round++) {
      tell(`round ${round} of ${count}: starting each in turn`);
      for (const each of [empty, ...bundles]) each.starts.push(await startBundle(each));
    }
    const measured: Record<string, Measured> = {};
    for (const { name, bytesAtStart, starts } of bundles) {
      measured[names.size(name)] = { value: bytesAtStart / 1000 };
      measured[names.start(name)] = {
        value: median(starts.map((ms, round) => ms / empty.starts[round]!)),
        detail: `${median(starts).toFixed(0)} ms / ${median(empty.starts).toFixed(0)} ms`,
      };
    }
    return { measured };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};
