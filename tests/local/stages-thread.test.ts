import { startStagesThread } from '@savepoint/local/stages-thread.ts';
import { killNow, startChildProgram } from '../support/child-program.ts';

const onLinux = process.platform === 'linux' ? test : test.skip;

/** Prints how nice its threads are, the main one first, when one of them is nicer. */
const program = (started: number) => `
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { startStagesThread } from '@savepoint/local/stages-thread.ts';

setPriority(Math.max(${started}, getPriority()));
const own = getPriority();
startStagesThread();
// The 19th value of proc_pid_stat, the 17th behind the name.
const nicenesses = () => readdirSync('/proc/self/task').map((id) => {
  const stat = readFileSync('/proc/self/task/' + id + '/stat', 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
});
while (nicenesses().every((nice) => nice <= own)) await setTimeout(20);
console.log(JSON.stringify(nicenesses()));
`;

onLinux.each([0, 10, 17])(
  'the stages give way to the API, also in a process that was started as nice as %s',
  async (started) => {
    const child = await startChildProgram(program(started));
    try {
      const [own, ...others] = JSON.parse(child.firstLine) as number[];
      expect(others.filter((nice) => nice !== own && nice >= started)).toEqual([Math.min(own! + 5, 19)]);
    } finally {
      await killNow(child);
    }
  },
);

test('whoever searches when the thread is ended is told so', async () => {
  const thread = startStagesThread();
  const search = thread.search.searchGames('Portal');
  const told = expect(search).rejects.toMatchObject({ code: 'FUNCTION_UNAVAILABLE', retryable: true });
  await thread.close();
  await told;
});
