import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { account } from './aws-mocks.ts';
import { bundleHandler } from './bundle-handler.ts';
import type { SourceEdit } from './bundle-program.ts';
import { bundleForChild, bundleProgram } from './bundle-program.ts';
import type { Job, JobResult, Resource } from './job.ts';
import { ensurePlatform, platformDirectory, root } from './platform.ts';
import type { BuildInput } from './sst-server.ts';
import { startSstServer } from './sst-server.ts';

export type { SourceEdit } from './bundle-program.ts';
export type { Resource } from './job.ts';
export type { BuildInput } from './sst-server.ts';

export type EvaluationRequest = {
  /** What SST calls a stage: `dev`, `production`. */
  stage: string;
  /** As `sst dev` evaluates it. */
  dev?: boolean;
  edits?: SourceEdit[];
};

export type Graph = {
  stage: string;
  /** What `app` in sst.config.ts answered. */
  app: Record<string, unknown>;
  /** Sorted by type and name. */
  resources: Resource[];
  /** What SST was asked to bundle, sorted by function. */
  builds: BuildInput[];
  /** Why the stack could not be evaluated; empty when it could. */
  errors: string[];
};

export type EvaluationOptions = {
  /** Deployment settings, in place of the process's environment. */
  environment?: Record<string, string>;
  /** False puts a one-line file in the place of each handler's bundle, which is quicker. */
  bundleHandlers?: boolean;
};

/** Without which nothing is deployed. */
const neededSettings = { AWS_REGION: account.region, DEPLOY_ALARM_EMAIL: 'none' };

/** Two seconds each on an idle machine. */
const deadlineMs = (graphs: number): number => 60_000 + 6_000 * graphs;
/** Pulumi notes a stack trace for each of its many promises, which with full traces takes half of the time. */
const nodeOptions = ['--no-warnings', '--stack-trace-limit=2'];

/**
 * Evaluates the real `run()` of sst.config.ts with the real SST components, AWS replaced by mocks, and gives every
 * resource that a deployment would create. One child process does all requests one after the other.
 */
export async function evaluate(
  requests: EvaluationRequest[],
  options: EvaluationOptions = {},
): Promise<Graph[]> {
  await ensurePlatform();
  const directory = await mkdtemp(join(tmpdir(), 'savepoint-graph-'));
  const builds = requests.map((): BuildInput[] => []);
  const bundle = createBundler(join(directory, 'bundles'), options.bundleHandlers ?? true);
  const server = await startSstServer((program, input) => {
    builds[Number(program)]?.push(input);
    return bundle(input);
  });
  try {
    await symlink(join(platformDirectory, 'node_modules'), join(directory, 'node_modules'));
    const jobs = await Promise.all(
      requests.map((request, index) => prepare(directory, request, index, `${server.url}/${index}`)),
    );
    const results = await runChild(directory, jobs, options.environment ?? {});
    return results.map(({ app, resources, errors }, index) => ({
      stage: requests[index]?.stage ?? '',
      app,
      resources: normalise(resources, directory),
      builds: (builds[index] ?? []).sort((a, b) => (a.functionID < b.functionID ? -1 : 1)),
      errors: [...new Set(errors)],
    }));
  } finally {
    server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function prepare(
  directory: string,
  request: EvaluationRequest,
  index: number,
  sstServer: string,
): Promise<Job> {
  const program = join(directory, `program-${index}.mjs`);
  await bundleProgram(program, request.edits ?? []).catch((error: unknown) =>
    writeFile(program, `throw new Error(${JSON.stringify(String(error))});`),
  );
  const work = join(directory, `work-${index}`);
  await mkdir(work, { recursive: true });
  const paths = { home: directory, root, work, platform: platformDirectory };
  return { program, stage: request.stage, dev: request.dev ?? false, sstServer, paths };
}

/** Each function is bundled once, however many graphs use it. */
function createBundler(directory: string, isReal: boolean) {
  const built = new Map<string, Promise<{ handler: string; out: string }>>();
  const bundle = async ({ handler, properties, copyFiles }: BuildInput, out: string) => {
    if (isReal)
      return { handler: (await bundleHandler(handler, out, { ...properties, copyFiles })).handler, out };
    await mkdir(out, { recursive: true });
    await writeFile(join(out, 'bundle.mjs'), 'export const handler = async () => {};\n');
    return { handler: 'bundle.handler', out };
  };
  return (input: BuildInput) => {
    const key = JSON.stringify(input);
    const running = built.get(key) ?? bundle(input, join(directory, `${input.functionID}-${built.size}`));
    built.set(key, running);
    return running;
  };
}

async function runChild(
  directory: string,
  jobs: Job[],
  environment: Record<string, string>,
): Promise<JobResult[]> {
  const child = join(directory, 'child.mjs');
  const jobsFile = join(directory, 'jobs.json');
  const resultsFile = join(directory, 'results.json');
  await bundleForChild(child, `import ${JSON.stringify(join(root, 'tools', 'graph', 'child.ts'))};`);
  await writeFile(jobsFile, JSON.stringify(jobs));
  const failure = await promisify(execFile)(
    process.execPath,
    [...nodeOptions, child, jobsFile, resultsFile],
    {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: directory, ...neededSettings, ...environment },
      timeout: deadlineMs(jobs.length),
      killSignal: 'SIGKILL',
      maxBuffer: 16 * 1024 * 1024,
    },
  ).catch((error: unknown) => error);
  // Pulumi ends the process with an error where a stack is at fault; the result then says what the fault is.
  const results = await readFile(resultsFile, 'utf8').catch(() => undefined);
  if (results === undefined) throw new Error('The stacks could not be evaluated.', { cause: failure });
  return JSON.parse(results) as JobResult[];
}

/** Without the places and the hashes that differ from run to run and say nothing about the deployment. */
function normalise(resources: Resource[], directory: string): Resource[] {
  const text = JSON.stringify(resources)
    .replaceAll(directory, '.sst')
    .replaceAll(/\.sst\/work-\d+/g, '.sst')
    .replaceAll(/\b[0-9a-f]{64}\b/g, '<hash>');
  const order = ({ type, name }: Resource) => `${type} ${name}`;
  return (JSON.parse(text) as Resource[]).sort((a, b) => (order(a) < order(b) ? -1 : 1));
}
