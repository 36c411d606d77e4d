import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { examples } from './arguments.ts';

type AddCommand = (program: Command) => unknown;

/** In the order of the help. A command's module is loaded when it is named, or when all are listed. */
const commandModules: Readonly<Record<string, () => Promise<AddCommand>>> = {
  import: async () => (await import('./commands/import.ts')).addImport,
  status: async () => (await import('./commands/status.ts')).addStatus,
  imports: async () => (await import('./commands/imports.ts')).addImports,
  library: async () => (await import('./commands/library.ts')).addLibrary,
  changes: async () => (await import('./commands/changes.ts')).addChanges,
  follow: async () => (await import('./commands/follow.ts')).addFollow,
  unfollow: async () => (await import('./commands/follow.ts')).addUnfollow,
  follows: async () => (await import('./commands/follow.ts')).addFollows,
  rejects: async () => (await import('./commands/rejects.ts')).addRejects,
  matches: async () => (await import('./commands/matches.ts')).addMatches,
  forget: async () => (await import('./commands/forget.ts')).addForget,
  rerun: async () => (await import('./commands/rerun.ts')).addRerun,
  queues: async () => (await import('./commands/queues.ts')).addQueues,
  dlq: async () => (await import('./commands/dlq.ts')).addDlq,
  reconcile: async () => (await import('./commands/reconcile.ts')).addReconcile,
  overrides: async () => (await import('./commands/overrides.ts')).addOverrides,
  igdb: async () => (await import('./commands/igdb.ts')).addIgdb,
  logs: async () => (await import('./commands/logs.ts')).addLogs,
  open: async () => (await import('./commands/open.ts')).addOpen,
  simulate: async () => (await import('./commands/simulate.ts')).addSimulate,
  psql: async () => (await import('./commands/psql.ts')).addPsql,
  aws: async () => (await import('./commands/aws.ts')).addAws,
  reset: async () => (await import('./commands/reset.ts')).addReset,
  migrate: async () => (await import('./commands/migrate.ts')).addMigrate,
  'deploy:check': async () => (await import('./commands/deploy-check.ts')).addDeployCheck,
  secrets: async () => (await import('./commands/secrets.ts')).addSecrets,
  env: async () => (await import('./commands/env.ts')).addEnv,
  completion: async () => (await import('./commands/completion.ts')).addCompletion,
};

const exitCodesHelp = `
Exit codes:
  0    done
  1    the import failed, or something unexpected happened
  2    unusable input; nothing was done
  3    no such import, file, message or override
  4    the stack, AWS, the HTTP API or the database is away or refuses us
  130  Ctrl-C`;

/**
 * `savepoint`: what an operator asks of a local or a deployed stack. Throws where commander would end the process.
 * @param words what was typed; the program knows every command unless these name one.
 */
export async function createProgram(words: readonly string[] = []): Promise<Command> {
  const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
  const program = new Command('savepoint')
    .description('Follow imports of Steam libraries, and bring back what failed.')
    .version(version)
    .option(
      '--stage <name>',
      'a deployment (what SST calls a stage); default: the local stack that runs here',
    )
    .option('--json', 'print JSON for programs')
    .option('--wide', "do not fit tables into the terminal's width")
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('Try --help.')
    .exitOverride()
    // Programs get the error as JSON, which main.ts writes.
    .configureOutput(words.includes('--json') ? { writeErr: () => undefined } : {})
    .addHelpText('after', exitCodesHelp)
    .addHelpText(
      'after',
      examples('import savepoint-sample --wait', 'dlq list', 'queues --stage production'),
    );
  const named = commandModules[commandIn(words) ?? ''];
  const adding = named === undefined ? Object.values(commandModules) : [named];
  for (const add of await Promise.all(adding.map((load) => load()))) add(program);
  return program;
}

/** The first word that is no option, and no value of one. */
function commandIn(words: readonly string[]): string | undefined {
  const at = words.findIndex((word, index) => !word.startsWith('-') && words[index - 1] !== '--stage');
  return words[at];
}
