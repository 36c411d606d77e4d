import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import { connect } from '../operator.ts';
import { show } from '../terminal/show.ts';
import { table } from '../terminal/table.ts';
import { waitFor } from '../terminal/waiting.ts';

export const addQueues = (program: Command): Command =>
  program
    .command('queues')
    .description('count the messages of every stage, dead letters included')
    .addHelpText('after', examples('queues', 'queues --stage production --json'))
    .action(async (_options: unknown, command: Command) => {
      const { queues } = await connect(command).openQueues();
      const depths = await waitFor('the queues', queues.depths());
      show(command, { queues: depths }, (width) =>
        table(
          ['stage', 'waiting', 'in flight', 'delayed', 'dead letters'],
          depths.map((queue) => [
            queue.stage,
            queue.waiting,
            queue.in_flight,
            queue.delayed,
            queue.dead_letters,
          ]),
          width,
        ),
      );
    });
