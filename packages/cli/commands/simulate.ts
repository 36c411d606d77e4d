import { setTimeout as delay } from 'node:timers/promises';
import {
  askForTrouble,
  endTrouble,
  readCurrentTrouble,
  type TroubleName,
  troubleNames,
} from '@savepoint/local/trouble.ts';
import { type Command, Argument } from 'commander';
import { examples, readDurationSeconds } from '../arguments.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { findTarget } from '../find-target.ts';
import { globalOptions } from '../global-options.ts';
import { print } from '../terminal/show.ts';
import { duration } from '../terminal/times.ts';

/** A stack takes up what is asked of it within a second; a PostgreSQL that stops needs a little longer. */
const patienceMs = 15_000;
const lookMs = 100;

export const addSimulate = (program: Command): Command =>
  program
    .command('simulate')
    .description('rehearse a bad day: break something on the local stack for a while')
    .addArgument(new Argument('<trouble>', 'what goes wrong').choices(troubleNames))
    .option('--for <time>', 'how long: 30s, 2m, 1h', readDurationSeconds, 120)
    .addHelpText(
      'after',
      examples('simulate steam-down', 'simulate igdb-429 --for 30s', 'simulate database-down --for 5m'),
    )
    .action(async (name: TroubleName, { for: seconds }: { for: number }, command: Command) => {
      const { stage, json } = globalOptions(command);
      const { dataDir, troubles } = findTarget(stage);
      if (dataDir === null) throw refused('Only the local stack, which npm start runs, can be broken.');
      if (!troubles.includes(name)) throw refused(reasons(name));
      const current = readCurrentTrouble(dataDir);
      if (current !== null) throw refused(`The stack has ${current} already. End that first, with Ctrl-C.`);
      const ctrlC = new AbortController();
      const stop = () => ctrlC.abort();
      process.once('SIGINT', stop).once('SIGTERM', stop);
      const until = new Date(Date.now() + seconds * 1000).toISOString();
      askForTrouble(dataDir, { name, until });
      try {
        const has = await waitUntil(() => readCurrentTrouble(dataDir) === name, patienceMs, ctrlC.signal);
        if (!has && !ctrlC.signal.aborted)
          throw new CommandFailure(exitCodes.unreachable, 'The local stack did not react; start it again.');
        if (json) print(JSON.stringify({ trouble: name, until }, null, 2));
        else print(`${sentences[name]} For ${duration(seconds)}, or until Ctrl-C.`);
        await waitUntil(() => readCurrentTrouble(dataDir) !== name, seconds * 1000, ctrlC.signal);
      } finally {
        endTrouble(dataDir);
        await waitUntil(() => readCurrentTrouble(dataDir) !== name, patienceMs);
        process.off('SIGINT', stop).off('SIGTERM', stop);
      }
      if (!json) print('It is over.');
    });

const sentences: Record<TroubleName, string> = {
  'steam-down': 'Steam answers every request with HTTP 503.',
  'steam-slow': 'Steam takes five seconds longer for every answer.',
  'igdb-429': 'IGDB refuses every request with HTTP 429, too many requests.',
  'igdb-down': 'IGDB answers every request with HTTP 503.',
  'private-profile': 'Everybody on Steam hides their games.',
  'database-down': 'PostgreSQL is stopped.',
};

const refused = (sentence: string) => new CommandFailure(exitCodes.usage, sentence);

const reasons = (name: TroubleName): string =>
  name === 'database-down'
    ? 'This stack uses your own database, in DATABASE_URL; only an embedded one can be stopped.'
    : `This stack asks the real ${name.startsWith('igdb') ? 'IGDB' : 'Steam'}, because its key is set; only a simulated one can be broken.`;

async function waitUntil(isSo: () => boolean, ms: number, signal?: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + ms;
  while (!isSo() && performance.now() < deadline && !signal?.aborted)
    await delay(lookMs, undefined, signal && { signal }).catch(() => undefined);
  return isSo();
}
