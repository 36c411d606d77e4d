import { type Rhythm, rhythms } from '@savepoint/core/contracts/follow.ts';
import { follow, type FollowView, listFollows, unfollow } from '@savepoint/core/operations/follows.ts';
import type { SteamId } from '@savepoint/core/steam-id.ts';
import { type Command, Option } from 'commander';
import { examples, readPositiveInteger, readSteamId } from '../arguments.ts';
import { connect } from '../operator.ts';
import { show } from '../terminal/show.ts';
import { type Column, table } from '../terminal/table.ts';
import { moment } from '../terminal/times.ts';

const person = 'a SteamID64, Steam2 or Steam3 id, or profile address';

export const addFollow = (program: Command): Command =>
  program
    .command('follow')
    .description('import a library again every day or week')
    .argument('<person>', person, readSteamId)
    .addOption(new Option('--every <rhythm>', 'how often').choices(rhythms).default('day'))
    .addHelpText('after', examples('follow 76561197960287930', 'follow 76561197960287930 --every week'))
    .action(async (steamId: SteamId, { every }: { every: Rhythm }, command: Command) => {
      const { openStorage, now } = connect(command);
      const followed = await follow(steamId, every, { ...(await openStorage()), now });
      show(command, followed, () => `${steamId} is imported every ${every}, next at ${nextOf(followed)}.`);
    });

export const addUnfollow = (program: Command): Command =>
  program
    .command('unfollow')
    .description('stop following a library; what was imported stays')
    .argument('<person>', person, readSteamId)
    .addHelpText('after', examples('unfollow 76561197960287930'))
    .action(async (steamId: SteamId, _options: unknown, command: Command) => {
      await unfollow(steamId, await connect(command).openStorage());
      show(command, { steam_id: steamId }, () => `${steamId} is not followed.`);
    });

export const addFollows = (program: Command): Command =>
  program
    .command('follows')
    .description('list the libraries that are followed, and which are paused')
    .option('--max <n>', 'at most this many', readPositiveInteger, 100)
    .addHelpText('after', examples('follows', 'follows --json'))
    .action(async ({ max }: { max: number }, command: Command) => {
      const { openStorage, now, target } = connect(command);
      const page = await listFollows({ max }, { ...(await openStorage()), now });
      show(command, page, (width) =>
        page.follows.length === 0
          ? `No library is followed in ${target.name}.`
          : [
              table(columns, page.follows.map(row), width),
              ...(page.next_cursor ? [`There are more than ${max}: --max shows them.`] : []),
            ].join('\n'),
      );
    });

const columns: readonly Column[] = [
  { head: 'person' },
  { head: 'every' },
  { head: 'next' },
  { head: 'paused', shortensTo: 20 },
];
const nextOf = ({ next_at }: FollowView): string => (next_at === null ? '' : moment(next_at));
const row = (followed: FollowView): string[] => [
  followed.steam_id,
  followed.every,
  nextOf(followed),
  followed.paused ? `${followed.paused.code}: ${followed.paused.message}` : '',
];
