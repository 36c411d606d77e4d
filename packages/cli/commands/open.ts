import type { Command } from 'commander';
import { apiAddressOf } from '../api-client.ts';
import { examples } from '../arguments.ts';
import { findTarget } from '../find-target.ts';
import { globalOptions } from '../global-options.ts';
import { show } from '../terminal/show.ts';

export const addOpen = (program: Command): Command =>
  program
    .command('open')
    .description('open the console in the browser')
    .addHelpText('after', examples('open', 'open --stage production'))
    .action(async (_options: unknown, command: Command) => {
      const { json, stage } = globalOptions(command);
      const { url } = await apiAddressOf(findTarget(stage));
      const address = new URL('/console/', url).href;
      show(command, { url: address }, () => address);
      // Where no browser is, as on a server, the address has to do.
      if (process.stdout.isTTY && !json) await (await import('open')).default(address).catch(() => undefined);
    });
