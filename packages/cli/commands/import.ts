import { followImport } from '../story/follow-import.ts';
import type { Command } from 'commander';
import { apiOf } from '../api-client.ts';
import { examples } from '../arguments.ts';
import { exitCodes } from '../failure.ts';
import { findTarget } from '../find-target.ts';
import { tellOutcome } from '../story/tell-import.ts';
import { globalOptions } from '../operator.ts';
import { show } from '../print.ts';

/** A deployed API lets 20 calls a second through, for all callers together. */
const deployedPollMs = 1000;

export const addImport = (program: Command): Command =>
  program
    .command('import')
    .description('import the library of a person; the same as POST /imports')
    .argument('<id>', 'SteamID64, Steam2 or Steam3 id, profile address or vanity name')
    .option('--wait', 'follow the import until it ends; exit code 1 when it fails')
    .addHelpText(
      'after',
      examples(
        'import 76561197960287930',
        'import https://steamcommunity.com/id/gabelogannewell --wait',
        "import 'STEAM_0:0:11101' --stage production --wait --json",
      ),
    )
    .action(async (id: string, { wait }: { wait?: boolean }, command: Command) => {
      const { json, stage } = globalOptions(command);
      const api = await apiOf(findTarget(stage));
      const queued = await api.requestImport(id);
      const follow = `Follow it with: npx savepoint status ${queued.import_id}`;
      if (!wait) return show(command, queued, () => `The import ${queued.import_id} is queued.\n${follow}`);
      // JSON is for stdout alone.
      const out = json ? process.stderr : process.stdout;
      out.write(`The import ${queued.import_id} is queued.\n`);
      const view = await followImport(
        queued.status_url,
        api.headers,
        out,
        stage ? deployedPollMs : undefined,
      );
      show(command, view, () => `\n${tellOutcome(view, new Date()).join('\n')}`);
      if (view.status === 'failed') process.exitCode = exitCodes.failed;
    });
