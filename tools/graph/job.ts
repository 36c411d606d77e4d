/** What passes between the evaluation and its child process. */

/** One evaluation: a bundled program, for one SST stage. */
export type Job = {
  program: string;
  stage: string;
  /** As `sst dev` evaluates it, with stubs in the functions' place. */
  dev: boolean;
  /** The address of the JSON-RPC server that SST's components call. */
  sstServer: string;
  paths: { home: string; root: string; work: string; platform: string };
};

export type Resource = {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  /** Whether SST would leave it in AWS when it goes from the stack. */
  retainOnDelete: boolean;
  /** Names of the resources that must be there first. */
  dependsOn: string[];
};

export type JobResult = { app: Record<string, unknown>; resources: Resource[]; errors: string[] };
