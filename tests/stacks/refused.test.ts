import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { evaluate, type Graph } from '../../tools/graph/evaluate.ts';
import { root } from '../../tools/graph/platform.ts';
import { startFakeCloud } from '../support/fake-cloud.ts';
import { deploymentRules } from './rules/deployment-rules.ts';
import { alarmed, viewOf } from './rules/stack-view.ts';

const evaluateOne = async (stage: string, environment: Record<string, string>): Promise<Graph> => {
  const [graph] = await evaluate([{ stage }], { environment, bundleHandlers: false });
  if (!graph) throw new Error('nothing was evaluated');
  return graph;
};

test('of a deployment that must not be, all faults are told and nothing is created', async () => {
  const cloud = await startFakeCloud('444455556666');
  const graph = await evaluateOne('production', {
    ...cloud.variables,
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_REGION: '',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    DEPLOY_ALARM_EMAIL: '',
    DEPLOY_AWS_ACCOUNT_ID: '111122223333',
    DEPLOY_LOG_LEVEL: 'loud',
  });
  cloud.close();
  expect(graph.resources).toEqual([]);
  expect(graph.errors).toHaveLength(1);
  const [heading, ...faults] = graph.errors[0]!.split('\n');
  expect(heading).toBe('production is not deployed, and nothing was created:');
  expect(faults).toEqual([
    expect.stringMatching(/^- AWS_ENDPOINT_URL is set/),
    expect.stringMatching(/^- DEPLOY_ALARM_EMAIL is not set/),
    expect.stringMatching(/^- DEPLOY_LOG_LEVEL must be one of/),
    expect.stringMatching(/^- The credentials belong to account 444455556666/),
  ]);
}, 120_000);

test('without a region nothing is deployed', async () => {
  const graph = await evaluateOne('dev', { AWS_REGION: '' });
  expect(graph.resources).toEqual([]);
  expect(graph.errors.join()).toContain('AWS_REGION is not set');
}, 120_000);

test('a name of 38 characters fits everywhere, one of 39 does not and is refused', async () => {
  const graphs = await evaluate([{ stage: 'x'.repeat(38) }, { stage: 'x'.repeat(39) }], {
    environment: alarmed,
    bundleHandlers: false,
  });
  const [longest, tooLong] = graphs;
  expect(longest?.errors).toEqual([]);
  const ofNames = deploymentRules.filter(({ rule }) => /^(no name is longer|one mail for each)/.test(rule));
  expect(ofNames.flatMap(({ faults }) => faults(viewOf(longest!)))).toEqual([]);
  expect(tooLong?.errors.join()).toContain('is too long by 1');
  expect(tooLong?.resources).toEqual([]);
}, 120_000);

test('the real command of SST shows the faults, and asks AWS for nothing', async () => {
  const asked: string[] = [];
  const aws = createServer((request, response) => {
    asked.push(String(request.url));
    response.writeHead(500).end();
  });
  aws.listen(0, '127.0.0.1');
  await once(aws, 'listening');
  const directory = await mkdtemp(join(tmpdir(), 'savepoint-refused-'));
  // A file, as a terminal or the pipe of a shell: what Node would make is a socket, which nobody else can open.
  const shown = await open(join(directory, 'shown'), 'a+');
  const child = spawn(
    process.execPath,
    [join(root, 'node_modules', 'sst', 'bin', 'sst.mjs'), 'deploy', '--stage', 'production'],
    {
      cwd: root,
      env: {
        PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
        HOME: process.env.HOME,
        ...{ SST_SKIP_DEPENDENCY_CHECK: '1', NO_BUN: '1', DO_NOT_TRACK: '1', SST_TELEMETRY_DISABLED: '1' },
        ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
        AWS_REGION: '',
        AWS_ENDPOINT_URL: `http://127.0.0.1:${(aws.address() as AddressInfo).port}`,
        DEPLOY_ALARM_EMAIL: '',
      },
      stdio: ['ignore', shown.fd, shown.fd],
      timeout: 60_000,
    },
  );
  const [exitCode] = await once(child, 'close');
  const said = await readFile(join(directory, 'shown'), 'utf8');
  await shown.close();
  await rm(directory, { recursive: true });
  aws.close();
  aws.closeAllConnections();
  expect(exitCode).not.toBe(0);
  expect(asked).toEqual([]);
  // Where a process may not write to another's output, SST tells only that something was wrong.
  if (process.platform === 'linux')
    for (const variable of ['AWS_REGION is not', 'AWS_ENDPOINT_URL is set', 'DEPLOY_ALARM_EMAIL is not'])
      expect(said).toContain(`- ${variable}`);
}, 120_000);
