import { type PostponedGap, type Reconciliation, reconcile } from '@savepoint/core/operations/reconcile.ts';
import { plural } from '../story/plural.ts';
import type { Command } from 'commander';
import { examples, readDurationSeconds } from '../arguments.ts';
import { connect } from '../operator.ts';
import { moment, show, table } from '../print.ts';

type Options = { olderThan: number; dryRun?: boolean };

export const addReconcile = (program: Command): Command =>
  program
    .command('reconcile')
    .description('queue imports that stand still because S3 never announced their file')
    .option('--older-than <time>', 'only what has lain so long: 30s, 15m, 2h, 7d', readDurationSeconds, 900)
    .option('--dry-run', 'only list them')
    .addHelpText('after', examples('reconcile --dry-run', 'reconcile --older-than 1h --stage production'))
    .action(async ({ olderThan, dryRun = false }: Options, command: Command) => {
      const found = await reconcile(connect(command), { olderThanSeconds: olderThan, dryRun });
      show(command, { ...found, dry_run: dryRun }, () => tell(found, dryRun));
    });

function tell({ queued, postponed }: Reconciliation, dryRun: boolean): string {
  if (queued.length + postponed.length === 0) return 'Nothing stands still.';
  const rows = [
    ...queued.map((gap) => [
      gap.import_id,
      gap.stage,
      moment(gap.since),
      dryRun ? 'would be queued' : 'queued',
    ]),
    ...postponed.map((gap) => [gap.import_id, gap.stage, moment(gap.since), reasons[gap.reason]]),
  ];
  const done = dryRun
    ? `${plural(queued.length, 'import')} would be queued`
    : `Queued ${plural(queued.length, 'import')}`;
  return `${table(['import', 'stage that did not run', 'since', ''], rows)}\n\n${done}.`;
}

const reasons: Record<PostponedGap['reason'], string> = {
  dead_letter: 'waits in the dead-letter queue: redrive it',
  queue_busy: 'may wait in the queue: look again when it is empty',
};
