import type { ImportId } from '@savepoint/core/contracts/import-id.ts';
import type { ImportView } from '@savepoint/core/contracts/import-view.ts';
import { PipelineError } from '@savepoint/core/errors.ts';
import { findImport, type ListImportsPorts, listImports } from '@savepoint/core/operations/imports.ts';
import type { SteamId } from '@savepoint/core/steam-id.ts';
import type { Command } from 'commander';
import { examples, readImportOrPerson } from '../arguments.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { globalOptions } from '../global-options.ts';
import { connect } from '../operator.ts';
import { followImport, Unread } from '../story/follow-import.ts';
import { tellImport, tellOutcome } from '../story/tell-import.ts';
import { show } from '../terminal/show.ts';
import { waitFor } from '../terminal/waiting.ts';
import { pollMsOf } from './import.ts';

type Named = { importId: ImportId } | { steamId: SteamId };

export const addStatus = (program: Command): Command =>
  program
    .command('status')
    .description('show how an import is doing, why it failed and what to do')
    .argument(
      '[import]',
      "an import id, the key of one of the import's files, or a SteamID64 for that person's newest; default: the newest of all",
      readImportOrPerson,
    )
    .option('--wait', 'follow the import until it ends; exit code 1 when it fails')
    .addHelpText(
      'after',
      examples('status', 'status 76561197960287930', 'status 76561197960287930-20261123T043000123Z --wait'),
    )
    .action(async (named: Named | undefined, { wait }: { wait?: boolean }, command: Command) => {
      const { target, openStorage, now } = connect(command);
      const storage = await openStorage();
      const view = await waitFor('the status', find(named, { ...storage, now }));
      if (view === null) throw nothingFound(named, target.name);
      if (!wait) return show(command, view, (width) => tellImport(view, now(), width));
      const ended = await follow(view.import_id, command);
      show(command, ended, (width) => `\n${tellOutcome(ended, now(), width).join('\n')}`);
      if (ended.status === 'failed') process.exitCode = exitCodes.failed;
    });

async function find(named: Named | undefined, ports: ListImportsPorts): Promise<ImportView | null> {
  if (named !== undefined && 'importId' in named)
    return findImport(named.importId, ports.statuses, ports.now());
  const { imports } = await listImports({ steamId: named?.steamId, max: 1 }, ports);
  return imports[0] ?? null;
}

function nothingFound(named: Named | undefined, where: string): CommandFailure {
  const what =
    named === undefined
      ? 'no import'
      : 'importId' in named
        ? `no import ${named.importId}`
        : `no import of ${named.steamId}`;
  return new CommandFailure(exitCodes.notFound, `There is ${what} in ${where}.`);
}

/** A stack that starts again may be found elsewhere, so each look that fails is followed by a new connection. */
async function follow(importId: ImportId, command: Command): Promise<ImportView> {
  const { json, stage } = globalOptions(command);
  let connection: ReturnType<typeof connect> | undefined;
  const read = async (): Promise<ImportView> => {
    try {
      connection ??= connect(command);
      const { statuses } = await connection.openStorage();
      const view = await findImport(importId, statuses, connection.now());
      if (view === null) throw nothingFound({ importId }, connection.target.name);
      return view;
    } catch (error) {
      connection = undefined;
      if (error instanceof CommandFailure && error.exitCode === exitCodes.unreachable)
        throw new Unread('no stack runs');
      if (error instanceof PipelineError && error.retryable) throw new Unread(error.code);
      throw error;
    }
  };
  return followImport(read, {
    importId,
    out: json ? process.stderr : process.stdout,
    pollMs: pollMsOf(stage),
  });
}
