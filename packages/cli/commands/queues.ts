import { countQueues, findOldestAtStages } from '@savepoint/core/operations/count-queues.ts';
import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import { connect } from '../operator.ts';
import { show } from '../terminal/show.ts';
import { table } from '../terminal/table.ts';
import { duration } from '../terminal/times.ts';
import { waitFor } from '../terminal/waiting.ts';

export const addQueues = (program: Command): Command =>
  program
    .command('queues')
    .description('count the messages of every stage, dead letters included')
    .addHelpText('after', examples('queues', 'queues --stage production --json'))
    .action(async (_options: unknown, command: Command) => {
      const { now, openQueues, openStorage } = connect(command);
      const [queues, storage] = await Promise.all([openQueues(), openStorage()]);
      const oldestAtStages = () => findOldestAtStages({ now, ...storage });
      const depths = await waitFor('the queues', countQueues({ now, ...queues, oldestAtStages }));
      show(command, { queues: depths }, (width) =>
        table(
          ['stage', 'waiting', 'in flight', 'delayed', 'dead letters', 'oldest'],
          depths.map((queue) => [
            queue.stage,
            queue.waiting,
            queue.in_flight,
            queue.delayed,
            queue.dead_letters,
            queue.oldest_seconds === null ? '' : duration(queue.oldest_seconds),
          ]),
          width,
        ),
      );
    });
