import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import { addCauses, addList, addShow } from '../dead-letters/look.ts';
import { addDiscard, addRedrive } from '../dead-letters/move.ts';

export function addDlq(program: Command): void {
  const dlq = program
    .command('dlq')
    .description('dead letters: messages that a stage gave up on')
    .addHelpText('after', examples('dlq causes', 'dlq list', 'dlq redrive database-import'));
  for (const add of [addCauses, addList, addShow, addRedrive, addDiscard]) add(dlq);
}
