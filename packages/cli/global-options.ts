import type { Command } from 'commander';

/** What every command takes. */
export type GlobalOptions = { json?: boolean; stage?: string; wide?: boolean };

export const globalOptions = (command: Command): GlobalOptions => command.optsWithGlobals<GlobalOptions>();
