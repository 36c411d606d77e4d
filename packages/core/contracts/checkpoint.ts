import * as v from 'valibot';
import type { IgdbGame } from '../matching/igdb-game.ts';
import type { Match } from '../matching/match.ts';
import { partFromJson } from './columns.ts';
import { namedList } from './named-list.ts';
import { enrichedColumns, type StoreFacts, storeFactsOf } from './enriched-library.ts';

/**
 * What is known of an app after looking it up. `state/checkpoints/…jsonl` keeps it, a line an app, when an
 * enrichment was interrupted, so that the next attempt asks only for the rest.
 */
export type AppKnowledge = {
  appId: number;
  /** Steam's number of its type; null when Steam's store did not say. */
  steamType: number | null;
  /** Whether the store answered for the app; a null type then means that it does not know the app. */
  storeAnswered: boolean;
  /** What the store said beside the type; null in lines of before. */
  store: StoreFacts | null;
  /** Null when it was not looked up, because it is no game. */
  match: Match | null;
  /** Unix seconds when Steam's store or IGDB was last asked; null in lines of before. */
  learntAt: number | null;
  /** What people had decided of the app by then (see `decisionOf`); null for nothing. */
  decided: string | null;
};

/** A game as a line holds it: each property is what its column can hold, or not told. */
const Game = v.pipe(
  v.record(v.string(), v.unknown()),
  v.transform((json) => partFromJson(enrichedColumns, 'game', ({ property }) => json[property])),
  v.guard((game): game is IgdbGame => game?.igdbId != null && game.name !== null),
);
const Store = v.pipe(
  v.record(v.string(), v.unknown()),
  v.transform((json) => storeFactsOf((property) => json[property])),
);
const outcome = {
  reason: v.string(),
  rejectedIds: v.array(v.number()),
  candidates: v.exactOptional(namedList.fromJson),
};
const KnowledgeLine = v.object({
  appId: v.number(),
  steamType: v.nullable(v.number()),
  // Lines of before lack it: where they have no type, nobody knows whether the store was silent.
  storeAnswered: v.optional(v.boolean()),
  store: v.optional(v.nullable(Store), null),
  learntAt: v.optional(v.nullable(v.number()), null),
  decided: v.optional(v.nullable(v.string()), null),
  match: v.nullable(
    v.variant('status', [
      v.object({
        status: v.literal('MATCHED'),
        game: Game,
        method: v.picklist(['override', 'uid', 'name', 'alternative_name', 'search']),
        confidence: v.number(),
        ...outcome,
      }),
      v.object({ status: v.picklist(['UNMATCHED', 'PENDING']), ...outcome }),
    ]),
  ),
});
const Knowledge: v.GenericSchema<unknown, AppKnowledge> = v.pipe(
  KnowledgeLine,
  v.transform((line) => ({ ...line, storeAnswered: line.storeAnswered ?? line.steamType !== null })),
);

export const writeCheckpoint = (known: readonly AppKnowledge[]): string =>
  known.map((knowledge) => `${printKnowledge(knowledge)}\n`).join('');

/** As JSON. What is not told of a game or by the store is left out: there are many of them. */
export function printKnowledge({ store, match, decided, ...knowledge }: AppKnowledge): string {
  const told = match?.status === 'MATCHED' ? { ...match, game: toldOfGame(match.game) } : match;
  return JSON.stringify({
    ...knowledge,
    ...(decided !== null && { decided }),
    ...(store && { store: withoutNulls(store) }),
    match: told,
  });
}

/** The other names served to find it. */
const toldOfGame = ({ alternativeNames: _, ...game }: IgdbGame): object => withoutNulls(game);

const withoutNulls = (part: object): object =>
  Object.fromEntries(Object.entries(part).filter(([, value]) => value !== null));

/** A line has some 5,000; only one without an end has as many, which is not collected. */
const maxLineChars = 1024 * 1024;

/** Lines that cannot be read, an older form or one cut short, are looked up again. */
export async function* readCheckpoint(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<AppKnowledge> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > maxLineChars) rest = '';
    for (const line of lines) {
      const knowledge = parseKnowledge(line);
      if (knowledge) yield knowledge;
    }
  }
}

/** What `printKnowledge` printed; undefined for any other text. */
export function parseKnowledge(line: string): AppKnowledge | undefined {
  try {
    const parsed = v.safeParse(Knowledge, JSON.parse(line));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
