import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../tools/graph/platform.ts';

/** A project of its own, whose `sst` is a script that counts how often it is started. */
let project: string;

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'savepoint-platform-'));
  const sst = join(project, 'node_modules', 'sst');
  await mkdir(join(sst, 'bin'), { recursive: true });
  await cp(join(root, 'tools', 'graph'), join(project, 'tools', 'graph'), { recursive: true });
  await writeFile(join(project, 'package.json'), '{"type":"module"}');
  await writeFile(join(sst, 'package.json'), '{"version":"4.0.0","type":"module"}');
});
afterEach(() => rm(project, { recursive: true, force: true }));

const fakeSst = (script: string) => writeFile(join(project, 'node_modules', 'sst', 'bin', 'sst.mjs'), script);
const succeeding = `
  import { appendFileSync, mkdirSync } from 'node:fs';
  import { setTimeout } from 'node:timers/promises';
  appendFileSync('installs.txt', process.argv.slice(2).join(' ') + '\\n');
  await setTimeout(300);
  mkdirSync('.sst/platform', { recursive: true });`;

const install = () =>
  promisify(execFile)(process.execPath, ['tools/graph/install.ts'], { cwd: project }).then(
    ({ stdout }) => ({ exitCode: 0, output: stdout }),
    (error: { code: number; stderr: string }) => ({ exitCode: error.code, output: error.stderr }),
  );

test('several processes at once install it once, and later ones not at all', async () => {
  await fakeSst(succeeding);
  const outcomes = await Promise.all([install(), install(), install()]);
  outcomes.push(await install());
  expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
  expect(outcomes.filter(({ output }) => output.startsWith('Installed'))).toHaveLength(1);
  expect(await readFile(join(project, 'installs.txt'), 'utf8')).toBe('install --stage test\n');
});

test('one that was killed while it installed stands in nobody’s way', async () => {
  await fakeSst('process.kill(process.ppid, "SIGKILL")');
  await install();
  await fakeSst(succeeding);
  expect(await install()).toMatchObject({ exitCode: 0 });
});

test('a platform of another version is installed again', async () => {
  await fakeSst(succeeding);
  await install();
  await writeFile(
    join(project, 'node_modules', 'sst', 'package.json'),
    '{"version":"4.0.1","type":"module"}',
  );
  expect((await install()).output).toMatch(/^Installed/);
});

test('where it cannot be installed, one sentence says what to do', async () => {
  await fakeSst('process.exit(1)');
  const { exitCode, output } = await install();
  expect(exitCode).toBe(1);
  expect(output.trim()).toBe(
    "SST's platform (.sst/platform) is missing and could not be installed. " +
      'Run `npm run stacks:install` where the npm registry can be reached, then try again.',
  );
});
