import { remembered } from '@savepoint/core/operations/remembered.ts';

const clock = { now: 0 };
const now = () => new Date(clock.now);

/** Finds 1, 2, 3…, each when it is let. */
function slowCounter() {
  const waiting: PromiseWithResolvers<number>[] = [];
  const find = () => {
    waiting.push(Promise.withResolvers());
    return waiting.at(-1)!.promise;
  };
  return { waiting, ask: remembered(find, 5000, now) };
}

test('is found out once for all who ask within its time, and anew behind it', async () => {
  clock.now = 0;
  const { waiting, ask } = slowCounter();
  const first = [ask(), ask()];
  // It takes longer than it is kept: nobody begins anew meanwhile.
  clock.now = 20_000;
  first.push(ask());
  waiting[0]!.resolve(1);
  expect(await Promise.all(first)).toEqual([1, 1, 1]);
  expect(waiting).toHaveLength(1);
  const second = ask();
  waiting[1]!.resolve(2);
  expect(await second).toBe(2);
  clock.now = 24_999;
  expect(await ask()).toBe(2);
  clock.now = 25_000;
  void ask();
  expect(waiting).toHaveLength(3);
});

test('a failure is told to all who waited, and the next asks anew', async () => {
  const { waiting, ask } = slowCounter();
  const asked = [ask(), ask()];
  waiting[0]!.reject(new Error('away'));
  for (const each of asked) await expect(each).rejects.toThrow('away');
  const next = ask();
  waiting[1]!.resolve(2);
  expect(await next).toBe(2);
});

test('a clock that is set back keeps nothing for longer', async () => {
  clock.now = 3_600_000;
  const { waiting, ask } = slowCounter();
  const first = ask();
  waiting[0]!.resolve(1);
  await first;
  clock.now = 0;
  void ask();
  expect(waiting).toHaveLength(2);
});
