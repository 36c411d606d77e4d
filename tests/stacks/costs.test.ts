import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { costTable, idleMonth, thousandImports } from '../../tools/graph/costs.ts';
import { evaluate, type Resource } from '../../tools/graph/evaluate.ts';
import { root } from '../../tools/graph/platform.ts';

let resources: Resource[];

beforeAll(async () => {
  const [graph] = await evaluate([{ stage: 'production' }], { bundleHandlers: false });
  resources = graph?.resources ?? [];
}, 600_000);

test.each([
  ['a month without imports', idleMonth],
  ['a thousand imports', thousandImports],
])('the documentation says what %s costs', async (_what, costs) => {
  const documentation = await readFile(join(root, 'docs', 'deploy.md'), 'utf8');
  expect(documentation).toContain(costTable(costs(resources)).join('\n'));
});
