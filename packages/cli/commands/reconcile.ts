import {
  type Gap,
  type PostponedGap,
  type Reconciliation,
  reconcile,
  type StrayFile,
} from '@savepoint/core/operations/reconcile.ts';
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

function tell({ queued, postponed, strays }: Reconciliation, dryRun: boolean): string {
  const told = [
    ...(queued.length + postponed.length > 0 ? [tellGaps(queued, postponed, dryRun)] : []),
    ...(strays.length > 0 ? [tellStrays(strays)] : []),
  ];
  return told.length === 0 ? 'Nothing stands still.' : told.join('\n\n');
}

function tellGaps(queued: readonly Gap[], postponed: readonly PostponedGap[], dryRun: boolean): string {
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

const tellStrays = (strays: readonly StrayFile[]): string =>
  table(
    ['file that nobody reads', 'since', 'why', 'rename it like'],
    strays.map(({ s3_key, since, reason, expected }) => [
      s3_key,
      moment(since),
      reason === 'suffix' ? 'S3 announces names in .csv alone' : 'its name says nobody’s library',
      expected,
    ]),
  );

const reasons: Record<PostponedGap['reason'], string> = {
  dead_letter: 'waits in the dead-letter queue: redrive it',
  dead_letters_unread: 'may be a dead letter: there are too many to look at all; redrive or discard some',
  queue_busy: 'may wait in the queue: look again when it is empty',
};
