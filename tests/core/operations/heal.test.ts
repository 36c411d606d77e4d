import { type DeadLetter, stageAbandoned } from '@savepoint/core/contracts/dead-letter.ts';
import type { ImportId } from '@savepoint/core/contracts/import-id.ts';
import type { StageStatus } from '@savepoint/core/contracts/import-status.ts';
import {
  type HealableLetter,
  heal,
  isHealable,
  type Round,
  type Wave,
} from '@savepoint/core/operations/heal.ts';
import { retryDelaySeconds } from '@savepoint/core/retry-delay.ts';
import { maxReceiveCount, retrySchedules, type StageName } from '@savepoint/core/topology.ts';
import { importIdOf } from '../../support/ids.ts';

const hourMs = 60 * 60 * 1000;
const startMs = Date.parse('2026-11-23T00:00:00Z');
const importIdAt = (index: number) =>
  importIdOf(`76561197960287930-20261123T00${String(index).padStart(7, '0')}Z`);

type Message = { importId: ImportId; attempt: number; rounds: number };
type Failing = { code: string; retryable: boolean };

/**
 * A stage with its queues on a clock of its own: the schedule of the cloud, an hourly run of self-healing, and
 * `failing` to say what an attempt fails of at a time. Jitter is spread evenly, from the unluckiest to the luckiest.
 */
function createWorld(stage: StageName, failing: (atMs: number, message: Message) => Failing | null) {
  const queue: { atMs: number; message: Message }[] = [];
  const letters: HealableLetter[] = [];
  const statuses = new Map<ImportId, StageStatus>();
  const rounds: (Round & { atMs: number })[] = [];
  let waves: Wave[] = [];
  let nowMs = startMs;
  let tries = 0;
  const at = (ms: number) => new Date(ms).toISOString();
  const note = (importId: ImportId, change: Partial<StageStatus>) =>
    statuses.set(importId, { ...({} as StageStatus), stage, attempt_started_at: at(nowMs), ...change });

  const attempt = (message: Message) => {
    const failure = failing(nowMs, message);
    if (failure === null) {
      note(message.importId, { status: 'completed' });
      return;
    }
    if (failure.retryable && message.attempt < maxReceiveCount) {
      tries += 1;
      const delay = retryDelaySeconds(retrySchedules.cloud, message.attempt, undefined, (tries % 11) / 10);
      queue.push({ atMs: nowMs + delay * 1000, message: { ...message, attempt: message.attempt + 1 } });
      note(message.importId, { status: 'retrying' });
      return;
    }
    const error = { ...failure, message: '', operator_hint: null };
    note(message.importId, { status: 'failed', error });
    letters.push(
      letterOf(stage, message, failure, at(nowMs), `${message.importId} ${letters.length} ${nowMs}`),
    );
  };
  const ports = {
    now: () => new Date(nowMs),
    waves: {
      read: async () => waves,
      write: async (next: readonly Wave[]) => {
        waves = [...next];
      },
    },
    statuses: {
      read: async (importId: ImportId) => {
        const status = statuses.get(importId);
        return status ? { request: null, stages: { [stage]: status } } : null;
      },
      report: async (importId: ImportId, status: StageStatus) => void statuses.set(importId, status),
    },
    deadLetters: {
      listHealable: async (of: StageName) => (of === stage ? letters.filter(isHealable) : []),
      sendRound: async (_stage: StageName, chosen: readonly HealableLetter[]) => {
        for (const letter of chosen) {
          letters.splice(letters.indexOf(letter), 1);
          const message = { importId: letter.import_id!, attempt: 1, rounds: letter.rounds + 1 };
          queue.push({ atMs: nowMs, message });
        }
        return [...chosen];
      },
    },
  };
  return {
    letters,
    statuses,
    rounds,
    bury: (letter: HealableLetter) => letters.push(letter),
    ask: (count: number) => {
      for (let index = 0; index < count; index += 1)
        queue.push({
          atMs: nowMs + index * 1000,
          message: { importId: importIdAt(index), attempt: 1, rounds: 0 },
        });
    },
    async run(hours: number) {
      for (let hour = 1; hour <= hours; hour += 1) {
        const endMs = startMs + hour * hourMs;
        for (;;) {
          queue.sort((a, b) => a.atMs - b.atMs);
          if (queue.length === 0 || queue[0]!.atMs > endMs) break;
          const next = queue.shift()!;
          nowMs = next.atMs;
          attempt(next.message);
        }
        nowMs = endMs;
        for (const round of await heal(ports)) rounds.push({ ...round, atMs: nowMs });
      }
    },
  };
}

const letterOf = (
  stage: StageName,
  { importId, attempt, rounds }: Message,
  { code, retryable }: Failing,
  at: string,
  messageId = importId as string,
): HealableLetter => ({
  ...({ body: '' } as DeadLetter),
  message_id: messageId,
  import_id: importId,
  stage,
  attempts: attempt,
  first_failed_at: at,
  last_failed_at: at,
  error: { code, retryable, message: '' },
  rounds,
});

const until = (endMs: number, code: string) => (atMs: number) =>
  atMs < endMs ? { code, retryable: true } : null;

test.each([
  ['steam-import', 'STEAM_UNAVAILABLE', 2],
  ['igdb-enrichment', 'IGDB_UNAVAILABLE', 2],
  ['database-import', 'DATABASE_UNAVAILABLE', 2],
  ['database-import', 'DATABASE_UNAVAILABLE', 8],
] as const)(
  '200 imports of %s outlast %s of %i hours without a command',
  async (stage, code, outageHours) => {
    const world = createWorld(stage, until(startMs + outageHours * hourMs, code));
    world.ask(200);
    await world.run(outageHours + 12);
    expect([...world.statuses.values()].filter(({ status }) => status !== 'completed')).toEqual([]);
    expect(world.statuses.size).toBe(200);
    expect(world.letters).toEqual([]);
    // The outage was long enough to be worth the test.
    expect(world.rounds.some(({ sent }) => sent > 0)).toBe(true);
  },
);

test('one probe goes first, and the others follow in steps once it got through', async () => {
  const endMs = startMs + 6 * hourMs;
  const world = createWorld('steam-import', until(endMs, 'STEAM_UNAVAILABLE'));
  world.ask(200);
  await world.run(24);
  const sent = world.rounds.filter((round) => round.sent > 0);
  expect(sent.filter(({ atMs }) => atMs < endMs).every((round) => round.sent === 1)).toBe(true);
  expect(sent.map((round) => round.sent).slice(-3)).toEqual([1, 50, expect.any(Number)]);
});

test('no letter is sent more than three times, and one that SQS moved once', async () => {
  const attempted = new Map<string, number>();
  const world = createWorld('steam-import', (_atMs, { importId, rounds }) => {
    attempted.set(importId, Math.max(rounds, attempted.get(importId) ?? 0));
    return { code: importId === importIdAt(0) ? stageAbandoned : 'STEAM_UNAVAILABLE', retryable: true };
  });
  world.ask(3);
  await world.run(200);
  expect([0, 1, 2].map((index) => attempted.get(importIdAt(index)))).toEqual([1, 3, 3]);
  expect(world.letters).toHaveLength(3);
});

test('what no retry can help, and what nobody can name, stays', async () => {
  const world = createWorld('steam-import', () => null);
  const message = { importId: importIdAt(1), attempt: 1, rounds: 0 };
  const at = new Date(startMs).toISOString();
  world.bury(letterOf('steam-import', message, { code: 'STEAM_GAME_DETAILS_PRIVATE', retryable: false }, at));
  const foreign = letterOf('steam-import', message, { code: 'UNEXPECTED', retryable: true }, at);
  world.bury({ ...foreign, import_id: null });
  await world.run(5);
  expect([world.letters.length, world.rounds]).toEqual([2, []]);
});

test('a probe that fails for good shows that the cause has passed', async () => {
  const world = createWorld('steam-import', (_atMs, { importId }) =>
    importId === importIdAt(0) ? { code: 'STEAM_GAME_DETAILS_PRIVATE', retryable: false } : null,
  );
  const at = new Date(startMs).toISOString();
  for (let index = 0; index < 5; index += 1) {
    const message = { importId: importIdAt(index), attempt: maxReceiveCount, rounds: 0 };
    world.bury(letterOf('steam-import', message, { code: 'STEAM_UNAVAILABLE', retryable: true }, at));
  }
  await world.run(3);
  expect(world.letters.map(({ error }) => error.code)).toEqual(['STEAM_GAME_DETAILS_PRIVATE']);
  expect(world.rounds.map(({ sent, left }) => [sent, left])).toEqual([
    [1, 4],
    [4, 0],
  ]);
});

test('an import that is sent back is told to be tried again', async () => {
  const world = createWorld('steam-import', () => ({ code: 'STEAM_KEY_REJECTED', retryable: false }));
  world.ask(1);
  await world.run(1);
  const status = world.statuses.get(importIdAt(0))!;
  expect(status.status).toBe('failed');
  world.letters.length = 0;
  const message = { importId: importIdAt(0), attempt: 11, rounds: 0 };
  world.bury(letterOf('steam-import', message, { code: 'STEAM_UNAVAILABLE', retryable: true }, ''));
  await world.run(1);
  expect(world.statuses.get(importIdAt(0))).toMatchObject({
    status: 'retrying',
    max_attempts: status.attempts + maxReceiveCount,
    next_attempt_at: expect.any(String),
    finished_at: null,
  });
});
