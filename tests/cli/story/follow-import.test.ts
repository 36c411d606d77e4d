import { followImport, type ReadImport, Unread } from '@savepoint/cli/story/follow-import.ts';
import { type ImportView, viewImport } from '@savepoint/core/contracts/import-view.ts';
import { at, importId, statusOf } from '../../support/stage-statuses.ts';

const done = statusOf('steam-import', 'completed', 0, { counts: { game_count: 3 }, finished_at: at(1) });
const running = viewImport(importId, { request: null, stages: { 'steam-import': done } }, new Date(at(2)));
const completed: ImportView = { ...running, status: 'completed' };

/** Answers one after the other, and the last one from then on. */
function reading(...answers: (ImportView | Error)[]): ReadImport & { asked: () => number } {
  let asked = 0;
  const read = async () => {
    const answer = answers[Math.min(asked, answers.length - 1)]!;
    asked += 1;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return Object.assign(read, { asked: () => asked });
}

function pipe() {
  let written = '';
  const write = (text: string) => {
    written += text;
  };
  const out = { isTTY: false, write };
  return { out: out as never, written: () => written };
}

test('a status that cannot be read for a while is read again, and said once', async () => {
  const read = reading(running, new Unread('ECONNREFUSED'), new Unread('ECONNREFUSED'), completed);
  const { out, written } = pipe();
  expect(await followImport(read, { importId, out, pollMs: 0 })).toBe(completed);
  expect(written()).toMatch(
    /^ ✔ steam-import .*\nThe status cannot be read \(ECONNREFUSED\); trying again\.\n$/,
  );
});

test('one that stays unread ends the following with the command that goes on', async () => {
  const read = reading(running, new Unread('HTTP 503'));
  const { out } = pipe();
  await expect(followImport(read, { importId, out, pollMs: 0, patienceSeconds: 0.5 })).rejects.toMatchObject({
    exitCode: 4,
    message: `The import goes on, but its status cannot be read (HTTP 503). Follow it with: npx savepoint status ${importId} --wait`,
  });
  expect(read.asked()).toBe(2);
});

test('whoever asks for longer than we have patience is not asked again', async () => {
  const read = reading(new Unread('HTTP 429', 3600));
  const { out } = pipe();
  await expect(followImport(read, { importId, out, pollMs: 0 })).rejects.toMatchObject({ exitCode: 4 });
  expect(read.asked()).toBe(1);
});

test('Ctrl-C ends the following, at once, and says that the import goes on', async () => {
  const read = reading(running);
  const { out } = pipe();
  const following = followImport(read, { importId, out, pollMs: 60_000 });
  setTimeout(() => process.emit('SIGINT'), 50);
  await expect(following).rejects.toMatchObject({
    exitCode: 130,
    message: `The import goes on. Follow it with: npx savepoint status ${importId} --wait`,
  });
  expect(process.listenerCount('SIGINT')).toBe(0);
});

test('what no further look can mend ends it as it is', async () => {
  const refused = new Error('no such import');
  const { out } = pipe();
  await expect(followImport(reading(running, refused), { importId, out, pollMs: 0 })).rejects.toBe(refused);
});
