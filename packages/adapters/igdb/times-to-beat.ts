import { idJson, integerJson } from '@savepoint/core/contracts/cells.ts';
import { type IgdbGame, idsPerRequest, type TimesToBeat } from '@savepoint/core/matching/igdb-game.ts';
import * as v from 'valibot';
import { anyOf, page } from './apicalypse.ts';
import type { Clock } from './clock.ts';
import type { AskIgdb } from './igdb-request.ts';

/** Of a row of `game_time_to_beats`, which has one for each game that somebody timed; seconds. */
const seconds = v.fallback(v.nullish(integerJson, null), null);
const Row = v.object({ game_id: idJson, hastily: seconds, normally: seconds, completely: seconds });

export type FindTimesToBeat = (
  igdbIds: readonly IgdbGame['igdbId'][],
  signal?: AbortSignal,
) => Promise<ReadonlyMap<number, TimesToBeat>>;

/** After a failure nobody asks for so long: the times are nice to have, and the requests are not free. */
const silentForMs = 10 * 60 * 1000;

/**
 * How long games take. Nothing else depends on it: what IGDB does not answer at once is not told, and IGDB is left alone
 * for a while. Never rejects.
 */
export function createTimesToBeat(ask: AskIgdb, clock: Clock): FindTimesToBeat {
  let silentUntil = Number.NEGATIVE_INFINITY;
  return async (igdbIds, signal) => {
    const found = new Map<number, TimesToBeat>();
    if (clock.now() < silentUntil) return found;
    const askFor = async (ids: readonly number[]) => {
      const query = page({
        fields: 'game_id,hastily,normally,completely',
        where: `game_id = ${anyOf(ids)}`,
        offset: 0,
      });
      const asked = new Set(ids);
      const isAnswer = (rows: readonly unknown[]) => readTimes(rows).every(([igdbId]) => asked.has(igdbId));
      const rows = await ask({ endpoint: 'game_time_to_beats', query, isAnswer, attempts: 1 }, signal);
      for (const [igdbId, times] of readTimes(rows)) found.set(igdbId, times);
    };
    const batches = Array.from({ length: Math.ceil(igdbIds.length / idsPerRequest) }, (_, index) =>
      igdbIds.slice(index * idsPerRequest, (index + 1) * idsPerRequest),
    );
    const outcomes = await Promise.allSettled(batches.map(askFor));
    if (outcomes.some(({ status }) => status === 'rejected') && !signal?.aborted)
      silentUntil = clock.now() + silentForMs;
    return found;
  };
}

const readTimes = (rows: readonly unknown[]): [igdbId: number, times: TimesToBeat][] =>
  rows.flatMap((row): [number, TimesToBeat][] => {
    const parsed = v.safeParse(Row, row);
    if (!parsed.success) return [];
    const { game_id, hastily, normally, completely } = parsed.output;
    return [
      [
        game_id,
        {
          timeToBeatHastilySeconds: hastily,
          timeToBeatNormallySeconds: normally,
          timeToBeatCompletelySeconds: completely,
        },
      ],
    ];
  });
