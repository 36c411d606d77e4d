import { rerunOnly } from '@savepoint/core/contracts/fresh-run.ts';
import { type RerunOptions, rerun } from '@savepoint/core/operations/rerun.ts';
import { libraryKinds } from '@savepoint/core/topology.ts';
import { type Command, Option } from 'commander';
import { examples } from '../arguments.ts';
import { connect } from '../operator.ts';
import { show } from '../terminal/show.ts';

export const addRerun = (program: Command): Command =>
  program
    .command('rerun')
    .description('run an import again from one of its files; the later stages follow')
    .argument('<import|key>', 'an import id, or the key of a raw or enriched file')
    .addOption(
      new Option(
        '--from <file>',
        'which file; default: the raw one, or the enriched one where there is none',
      ).choices(libraryKinds),
    )
    .option('--fresh', 'ask Steam and IGDB about every app, whatever is remembered about it')
    .addOption(
      new Option('--only <apps>', 'ask IGDB again about the apps for which no game was found').choices(
        rerunOnly,
      ),
    )
    .addHelpText(
      'after',
      examples(
        'rerun 76561197960287930-20261123T043000123Z',
        'rerun 76561197960287930-20261123T043000123Z --from enriched',
        'rerun 76561197960287930-20261123T043000123Z --fresh',
        'rerun 76561197960287930-20261123T043000123Z --only unmatched',
        'rerun raw/steam-library-76561197960287930-2025-01-31.csv',
      ),
    )
    .action(async (named: string, options: RerunOptions, command: Command) => {
      const { bucketName, now, openStorage, openQueues } = connect(command);
      const [{ objects, index }, { queues }] = await Promise.all([openStorage(), openQueues()]);
      const hasObject = async (key: string) => (await objects.head(key)) !== null;
      const queued = await rerun(named, options, { bucketName, hasObject, index, send: queues.send, now });
      show(
        command,
        queued,
        () =>
          `${queued.stage} will run again on ${queued.s3_key}.\nFollow it with: npx savepoint status ${queued.import_id}`,
      );
    });
