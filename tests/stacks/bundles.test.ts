import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { functions } from '../../bench/starts/figures.ts';
import { bundling } from '../../stacks/bundling.ts';
import type { HandlerBundle } from '../../tools/graph/bundle-handler.ts';
import { bundleHandler } from '../../tools/graph/bundle-handler.ts';
import { evaluate } from '../../tools/graph/evaluate.ts';
import { startBundle } from '../../tools/graph/start-bundle.ts';
import { invokeBundle } from '../../tools/rehearsal/invoke-bundle.ts';
import { functionNames } from './rules/stack-view.ts';

let directory: string;
let bundles: Record<string, HandlerBundle>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'savepoint-bundles-'));
  bundles = Object.fromEntries(
    await Promise.all(
      functionNames.map(async (name) => [
        name,
        await bundleHandler(`packages/functions/${name}.handler`, join(directory, name), bundling),
      ]),
    ),
  );
}, 120_000);
afterAll(() => rm(directory, { recursive: true, force: true }));

const bundleOf = (name: string) => {
  const bundle = bundles[name];
  if (!bundle) throw new Error(`${name} was not bundled`);
  return bundle;
};

describe.each(functionNames)('%s', (name) => {
  test('needs nothing at run time but Node', () => {
    // The driver asks for its native half only when told to, the SDK for credentials only where none are in the environment.
    const leftOut = ['pg-native', ...bundling.esbuild.external];
    expect(bundleOf(name).externalImports.filter((path) => !leftOut.includes(path))).toEqual([]);
  });

  test("does not import Node's HTTP without TLS at start, for that takes as long as starting Node", () => {
    expect(bundleOf(name).builtinsAtStart).not.toContain('node:http');
  });

  test('starts alone in a bare Node process', async () => {
    expect(await startBundle(bundleOf(name))).toBeGreaterThan(0);
  });
});

test.each(functions.filter(({ atMostKilobytes }) => atMostKilobytes))(
  '$name reads at most $atMostKilobytes KB at start',
  ({ name, atMostKilobytes = 0 }) => {
    expect(bundleOf(name).bytesAtStart).toBeLessThanOrEqual(atMostKilobytes * 1000);
  },
);

test('a stack names the places in the sources, without Node reading source maps at start', async () => {
  const failure = await invokeBundle(bundleOf('migrate'), {}, { environment: {}, timeoutSeconds: 10 }).catch(
    String,
  );
  expect(failure).toContain('ENV_INVALID');
  expect(failure).toMatch(/at \w+ \(\S*packages\/functions\/runtime\/env\.ts:\d+:\d+\)/);
});

test('the deployment evaluates with the real bundles, and to the same graph each time', async () => {
  const [first, second] = await evaluate([{ stage: 'production' }, { stage: 'production' }]);
  expect(first?.errors).toEqual([]);
  expect(second).toEqual(first);
}, 120_000);

test('a handler that is not there, or exports nothing, is refused', async () => {
  const bundle = (handler: string) => bundleHandler(handler, join(directory, 'none'), bundling);
  await expect(bundle('packages/functions/nothing.handler')).rejects.toThrow('Handler not found');
  await expect(bundle('packages/core/topology.handler')).rejects.toThrow('exports no "handler"');
});
