import { evaluate } from '../../tools/graph/evaluate.ts';
import { functionNames, grantsOf, viewOf } from './rules/stack-view.ts';

test('`sst dev` deploys stubs that may call home, with the same queues, roles and names', async () => {
  const [graph, deployed] = await evaluate([{ stage: 'me', dev: true }, { stage: 'me' }], {
    bundleHandlers: false,
  });
  const stack = viewOf(graph!);
  expect(stack.errors).toEqual([]);
  for (const name of functionNames) {
    const inputs = stack.inputs('function', `savepoint-me-${name}`);
    expect(inputs).toMatchObject({ handler: 'bootstrap' });
    const { variables } = inputs.environment as { variables: Record<string, string> };
    expect(variables).toMatchObject({ SST_APP: 'savepoint', SST_STAGE: 'me', DEPLOYMENT: 'savepoint-me' });
    // A file of Lambda's, which this machine does not have.
    expect(variables).not.toHaveProperty('NODE_EXTRA_CA_CERTS');
    expect(grantsOf(stack, `savepoint-me-${name}`).flatMap(({ Action }) => Action)).toContain('appsync:*');
  }
  const names = (of: typeof stack) => of.all('queue').map(({ inputs }) => inputs.name);
  expect(names(stack)).toEqual(names(viewOf(deployed!)));
}, 120_000);
