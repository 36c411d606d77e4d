import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createProgram } from '@savepoint/cli/program.ts';
import { costTable, idleMonth, thousandImports, thousandSearches } from '../../tools/graph/costs.ts';
import { evaluate } from '../../tools/graph/evaluate.ts';
import { root } from '../../tools/graph/platform.ts';
import { anchorsIn, read } from '../docs/markdown.ts';
import { rules } from './rules/all-rules.ts';
import { alarmText } from './rules/deployment-rules.ts';
import { alarmed, type StackView, viewOf } from './rules/stack-view.ts';

/** The real sst.config.ts, evaluated for both stages with SST's real components. */
let stacks: Record<string, StackView>;

beforeAll(async () => {
  const graphs = await evaluate([{ stage: 'production' }, { stage: 'dev' }], {
    environment: alarmed,
    bundleHandlers: false,
  });
  stacks = Object.fromEntries(graphs.map((graph) => [graph.stage, viewOf(graph)]));
}, 600_000);

const stackOf = (stage: string) => {
  const stack = stacks[stage];
  if (!stack) throw new Error(`${stage} was not evaluated`);
  return stack;
};

describe.each(['production', 'dev'])('%s', (stage) => {
  test('evaluates without an error', () => {
    expect(stackOf(stage).errors).toEqual([]);
  });

  test.each(rules)('$rule', ({ faults }) => {
    expect(faults(stackOf(stage))).toEqual([]);
  });
});

test('each alarm names a command that there is and a heading of the documentation', async () => {
  const program = await createProgram();
  const commands = program.commands.map((command) => command.name());
  const said = [...stackOf('production').all('alarm'), ...stackOf('production').all('compositeAlarm')].map(
    ({ inputs }) => alarmText('production').exec(String(inputs.alarmDescription))?.groups ?? {},
  );
  for (const { command = '', page = '', section = '' } of said) {
    if (command.startsWith('npx')) expect(commands).toContain(command.split(' ')[2]);
    expect([...anchorsIn(read(page))]).toContain(section);
  }
});

test.each([
  ['a month without imports', idleMonth],
  ['a thousand imports', thousandImports],
])('the documentation says what %s costs', async (_what, costs) => {
  const documentation = await readFile(join(root, 'docs', 'deploy.md'), 'utf8');
  expect(documentation).toContain(costTable(costs(stackOf('production').resources)).join('\n'));
});

test('the documentation says what a thousand searches cost', async () => {
  const documentation = await readFile(join(root, 'docs', 'deploy.md'), 'utf8');
  const usd = thousandSearches(stackOf('production').resources);
  expect(documentation).toContain(
    `A thousand searches for a game (\`GET /igdb/search\`) cost $${usd.toFixed(2)}`,
  );
});
