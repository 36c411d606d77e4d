import { indexImports } from '@savepoint/core/operations/index-imports.ts';
import type { Gap } from '@savepoint/core/operations/missed-stage.ts';
import type { StrayFile } from '@savepoint/core/operations/reconcile-files.ts';
import { type PostponedGap, type Reconciliation, reconcile } from '@savepoint/core/operations/reconcile.ts';
import { plural } from '../story/plural.ts';
import type { Command } from 'commander';
import { examples, readDurationSeconds } from '../arguments.ts';
import { connect } from '../operator.ts';
import { show } from '../terminal/show.ts';
import { table } from '../terminal/table.ts';
import { moment } from '../terminal/times.ts';
import { waitFor } from '../terminal/waiting.ts';

type Options = { olderThan: number; dryRun?: boolean; all?: boolean };

export const addReconcile = (program: Command): Command =>
  program
    .command('reconcile')
    .description('queue imports that are stuck because S3 never announced their file')
    .option(
      '--older-than <time>',
      'only what is at least this old: 30s, 15m, 2h, 7d',
      readDurationSeconds,
      900,
    )
    .option('--all', 'look at everything ever imported, dropped files too; default: what is open')
    .option('--dry-run', 'only list them')
    .addHelpText(
      'after',
      examples('reconcile --dry-run', 'reconcile --all', 'reconcile --older-than 1h --stage production'),
    )
    .action(async ({ olderThan, dryRun = false, all = false }: Options, command: Command) => {
      const { bucketName, now, openStorage, openQueues } = connect(command);
      const [storage, queues] = await Promise.all([openStorage(), openQueues()]);
      const ports = { bucketName, now, ...storage, ...queues };
      const found = await waitFor(
        'the files and their imports',
        reconcile(ports, { olderThanSeconds: olderThan, dryRun, all }),
      );
      const indexed = all && !dryRun ? await waitFor('the index', indexImports(ports)) : 0;
      show(command, { ...found, indexed, dry_run: dryRun }, (width) =>
        [
          tell(found, dryRun, width),
          ...(indexed > 0 ? [`Took ${plural(indexed, 'import')} into the index that it lacked.`] : []),
        ].join('\n\n'),
      );
    });

function tell({ queued, postponed, strays }: Reconciliation, dryRun: boolean, width: number): string {
  const told = [
    ...(queued.length + postponed.length > 0 ? [tellGaps(queued, postponed, dryRun, width)] : []),
    ...(strays.length > 0 ? [tellStrays(strays, width)] : []),
  ];
  return told.length === 0 ? 'Nothing is stuck.' : told.join('\n\n');
}

function tellGaps(
  queued: readonly Gap[],
  postponed: readonly PostponedGap[],
  dryRun: boolean,
  width: number,
): string {
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
  const columns = [
    { head: 'import' },
    { head: 'did not run' },
    { head: 'since', drops: 1 },
    { head: 'what becomes of it', shortensTo: 18 },
  ];
  return `${table(columns, rows, width)}\n\n${done}.`;
}

const tellStrays = (strays: readonly StrayFile[], width: number): string =>
  table(
    [
      { head: 'file that nobody reads' },
      { head: 'since', drops: 1 },
      { head: 'why', shortensTo: 20 },
      { head: 'rename it like', drops: 2 },
    ],
    strays.map(({ s3_key, since, reason, expected }) => [
      s3_key,
      moment(since),
      reason === 'suffix' ? 'S3 announces names in .csv alone' : 'its name names no person',
      expected,
    ]),
    width,
  );

const reasons: Record<PostponedGap['reason'], string> = {
  dead_letter: 'waits in the dead-letter queue: redrive it',
  dead_letters_unread: 'may be a dead letter: there are too many to look at all; redrive or discard some',
  queue_busy: 'may wait in the queue: look again when it is empty',
};
