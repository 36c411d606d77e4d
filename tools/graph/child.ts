import crypto from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import * as pulumi from '@pulumi/pulumi';
import { mockCall, mockResource } from './aws-mocks.ts';
import type { Job, JobResult } from './job.ts';

type Program = {
  run(program: () => Promise<unknown>): Promise<unknown>;
  config: { app(input: { stage: string }): Promise<Record<string, unknown>>; run(): Promise<unknown> };
};

// Names end in random letters that SST draws here; the same ones each time make the graph comparable.
crypto.randomBytes = ((size: number) => Buffer.alloc(size)) as typeof crypto.randomBytes;

const [jobsFile, resultsFile] = process.argv.slice(2);
const jobs = JSON.parse(await readFile(jobsFile, 'utf8')) as Job[];
const results: JobResult[] = [];
let current: JobResult | undefined;

// Resources are also created inside `apply`, long after `run` has returned. Only when Node has nothing left to do is
// the graph complete, and only then may the next one begin.
process.on('beforeExit', () => {
  if (current) results.push(current);
  current = undefined;
  const job = jobs[results.length];
  if (job) void evaluate(job);
  else if (results.length === jobs.length) void finish();
});
process.on('unhandledRejection', (reason) => current?.errors.push(describe(reason)));

let finished = false;
async function finish(): Promise<void> {
  if (finished) return;
  finished = true;
  await writeFile(resultsFile, JSON.stringify(results));
}

async function evaluate(job: Job): Promise<void> {
  const result: JobResult = { app: {}, resources: [], errors: [] };
  current = result;
  try {
    process.env.SST_SERVER = job.sstServer;
    Object.assign(globalThis, {
      $app: { name: '', stage: job.stage, removal: 'retain', protect: false, providers: { aws: {} } },
      $cli: { command: job.dev ? 'dev' : 'deploy', paths: job.paths, state: { version: {} } },
      $dev: job.dev,
    });
    const program = (await import(job.program)) as Program;
    result.app = await program.config.app({ stage: job.stage });
    Object.assign((globalThis as unknown as { $app: object }).$app, result.app);
    await record(result, String(result.app.name), job.stage);
    await pulumi.runtime.runInPulumiStack(() =>
      program.run(() => {
        pulumi.runtime.registerStackTransformation((args) => {
          optionsOf.set(`${args.type} ${args.name}`, args.opts);
          return undefined;
        });
        return program.config.run();
      }),
    );
  } catch (error) {
    result.errors.push(describe(error));
  } finally {
    // What was refused at once has left Node nothing that would make it come to its end once more.
    setImmediate(() => undefined);
  }
}

/** Resource options by type and name, which Pulumi's mocks do not pass on. */
const optionsOf = new Map<string, pulumi.ResourceOptions>();

async function record(result: JobResult, project: string, stage: string): Promise<void> {
  optionsOf.clear();
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        const { id, state } = mockResource(args);
        if (args.custom !== false && !args.type.startsWith('pulumi:')) {
          const options = optionsOf.get(`${args.type} ${args.name}`);
          result.resources.push({
            type: args.type,
            name: args.name,
            inputs: args.inputs,
            retainOnDelete: options?.retainOnDelete === true,
            dependsOn: namesOf(options?.dependsOn),
          });
        }
        return { id, state };
      },
      call: (args) => mockCall(args),
    },
    project,
    stage,
  );
}

/** The names in a `dependsOn` that is written out; one that SST computes later is left out. */
function namesOf(dependsOn: unknown): string[] {
  return [dependsOn].flat().flatMap((each) => {
    const name = (each as { __name?: unknown } | undefined)?.__name;
    return typeof name === 'string' ? [name] : [];
  });
}

function describe(reason: unknown): string {
  return reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
}
