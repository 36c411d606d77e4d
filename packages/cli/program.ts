import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { examples } from './arguments.ts';
import { addDlq } from './commands/dlq.ts';
import { addImport } from './commands/import.ts';
import { addImports } from './commands/imports.ts';
import { addMigrate } from './commands/migrate.ts';
import { addOverrides } from './commands/overrides.ts';
import { addQueues } from './commands/queues.ts';
import { addReconcile } from './commands/reconcile.ts';
import { addRerun } from './commands/rerun.ts';
import { addStatus } from './commands/status.ts';

const exitCodesHelp = `
Exit codes:
  0  done
  1  the import failed, or something unexpected happened
  2  unusable input; nothing was done
  3  no such import, file, message or override
  4  the stack, AWS, the HTTP API or the database cannot be reached, or refuses us`;

/** `savepoint`: what an operator asks of a local or a deployed stack. Throws where commander would end the process. */
export function createProgram(): Command {
  const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
  const program = new Command('savepoint')
    .description('Follow imports of Steam libraries, and bring back what failed.')
    .version(version)
    .option(
      '--stage <name>',
      'a deployment (what SST calls a stage); default: the local stack that runs here',
    )
    .option('--json', 'print JSON for programs')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('Say --help for what is possible.')
    .exitOverride()
    .addHelpText('after', exitCodesHelp)
    .addHelpText(
      'after',
      examples('import savepoint-sample --wait', 'dlq list', 'queues --stage production'),
    );
  for (const add of [
    addImport,
    addStatus,
    addImports,
    addRerun,
    addQueues,
    addDlq,
    addReconcile,
    addOverrides,
    addMigrate,
  ])
    add(program);
  return program;
}
