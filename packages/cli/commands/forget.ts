import { countObjects } from '@savepoint/core/operations/forget.ts';
import type { SteamId } from '@savepoint/core/steam-id.ts';
import type { Command } from 'commander';
import { examples, readSteamId } from '../arguments.ts';
import { confirm } from '../confirm.ts';
import { connect } from '../operator.ts';
import { show } from '../terminal/show.ts';
import { table } from '../terminal/table.ts';
import { waitFor } from '../terminal/waiting.ts';

export const addForget = (program: Command): Command =>
  program
    .command('forget')
    .description(
      'remove everything stored about a person: rows, files, status, follow; this cannot be undone',
    )
    .argument('<person>', 'a SteamID64, Steam2 or Steam3 id, or profile address', readSteamId)
    .option('--dry-run', 'list what the bucket holds about the person, and remove nothing')
    .option('--yes', 'do not ask')
    .addHelpText('after', examples('forget 76561197960287930 --dry-run', 'forget 76561197960287930'))
    .action(
      async (steamId: SteamId, { dryRun, yes }: { dryRun?: boolean; yes?: boolean }, command: Command) => {
        const { openStorage, openQueues, target, now } = connect(command);
        const { personObjects } = await openStorage();
        const objects = await waitFor('the bucket', countObjects(steamId, personObjects));
        const listed = (width: number) =>
          Object.keys(objects).length === 0
            ? `The bucket of ${target.name} holds nothing about ${steamId}.`
            : table(
                ['objects', 'of'],
                Object.entries(objects).map(([kind, count]) => [count, kind]),
                width,
              );
        if (dryRun) return show(command, { steam_id: steamId, dry_run: true, objects }, listed);
        await confirm(`Forget ${steamId} in ${target.name}, rows and files, for good?`, {
          ...(yes && { yes }),
        });
        const { forgetQueue } = await openQueues();
        await forgetQueue.send({ steam_id: steamId, requested_at: now().toISOString() });
        show(
          command,
          { steam_id: steamId, status: 'queued' },
          () =>
            `${steamId} is being forgotten: now, and once more in ten minutes, when nothing can be under way any more.`,
        );
      },
    );
