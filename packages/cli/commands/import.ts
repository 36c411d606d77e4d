import type { Command } from 'commander';
import { apiAddressOf, createApiClient } from '../api-client.ts';
import { examples } from '../arguments.ts';
import { exitCodes } from '../failure.ts';
import { findTarget } from '../find-target.ts';
import { globalOptions } from '../global-options.ts';
import { followImport } from '../story/follow-import.ts';
import { tellOutcome } from '../story/tell-import.ts';
import { show } from '../terminal/show.ts';
import { waitFor } from '../terminal/waiting.ts';

/** A deployed API lets 20 calls a second through, for all callers together. */
export const pollMsOf = (stage: string | undefined): number => (stage === undefined ? 100 : 1000);

export const addImport = (program: Command): Command =>
  program
    .command('import')
    .description('import the library of a person; the same as POST /imports')
    .argument('<id>', 'SteamID64, Steam2 or Steam3 id, profile address or custom name')
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
      const api = createApiClient(async () => apiAddressOf(findTarget(stage)));
      const queued = await waitFor('the HTTP API', api.requestImport(id));
      const { import_id: importId } = queued;
      const follow = `Follow it with: npx savepoint status ${importId}`;
      if (!wait) return show(command, queued, () => `The import ${importId} is queued.\n${follow}`);
      // JSON is for stdout alone.
      const out = json ? process.stderr : process.stdout;
      out.write(`The import ${importId} is queued.\n`);
      const view = await followImport((signal) => api.readImport(importId, signal), {
        importId,
        out,
        pollMs: pollMsOf(stage),
      });
      show(command, view, (width) => `\n${tellOutcome(view, new Date(), width).join('\n')}`);
      if (view.status === 'failed') process.exitCode = exitCodes.failed;
    });
