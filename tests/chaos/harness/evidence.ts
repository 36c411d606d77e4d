import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { ImportView } from '@savepoint/core/contracts/import-view.ts';
import { type StageName, stageNames } from '@savepoint/core/topology.ts';
import Papa from 'papaparse';
import type { World } from './world.ts';

/** What is there when all is over, read past the pipeline where that is possible. */
export type Evidence = {
  /** Ids of imports that were asked for and answered with 202, or whose file was put. */
  accepted: readonly string[];
  /** People for whom anything was asked. */
  people: readonly string[];
  imports: readonly ImportRow[];
  letters: readonly Letter[];
  views: ReadonlyMap<string, ImportView>;
  /** Rows of the files by import; null where there is none. */
  files: ReadonlyMap<string, { raw: number | null; enriched: number | null }>;
  /** Messages in the stages' queues. */
  waiting: number;
  /** By `steam_id/app_id`. */
  library: ReadonlyMap<string, unknown>;
  /** Minutes of play by `steam_id/app_id`: as the tables have them, and as the published libraries tell them. */
  minutes: { stored: ReadonlyMap<string, number | null>; published: ReadonlyMap<string, number | null> };
  /** Of the journal: how often it says that a library was imported for the first time, by person; and minutes played. */
  firsts: ReadonlyMap<string, number>;
  minutesPlayed: number;
};

export type ImportRow = Record<
  'imported_count' | 'skipped_count' | 'matched' | 'unmatched' | 'pending' | 'ignored' | 'rejected',
  number
> & { import_id: string; steam_id: string };
export type Letter = { stage: StageName; importId: string | null; code: string };

export async function gather(
  world: World,
  accepted: readonly string[],
  people: readonly string[],
): Promise<Evidence> {
  const [imports, letters, library, journal, { waiting }] = await Promise.all([
    world.sql<ImportRow>('select * from imports'),
    lettersOf(world),
    libraryOf(world),
    world.sql<{ steam_id: string; firsts: number; minutes: number }>(
      `select steam_id, count(*) filter (where kind = 'imported')::int as firsts,
        coalesce(sum(minutes_after - minutes_before) filter (where kind = 'played'), 0)::int as minutes
      from library_changes group by steam_id`,
    ),
    depthsOf(world),
  ]);
  const views = new Map<string, ImportView>();
  const files = new Map<string, { raw: number | null; enriched: number | null }>();
  for (const importId of new Set([...accepted, ...imports.map(({ import_id }) => import_id)])) {
    const { status, body } = await world.request(`/imports/${importId}`);
    if (status === 200) views.set(importId, body as unknown as ImportView);
    files.set(importId, {
      raw: await countRows(world, `raw/steam-library-${importId}.csv`),
      enriched: await countRows(world, `enriched/steam-library-${importId}-enriched.csv`),
    });
  }
  return {
    accepted,
    people,
    imports,
    letters,
    views,
    files,
    waiting,
    library,
    minutes: { stored: await storedMinutes(world), published: await publishedMinutes(world, people) },
    firsts: new Map(journal.map(({ steam_id, firsts }) => [steam_id, firsts])),
    minutesPlayed: journal.reduce((sum, { minutes }) => sum + minutes, 0),
  };
}

/** Everything that the tables hold of people's apps, without what differs from run to run. */
export async function libraryOf(world: Pick<World, 'sql'>): Promise<Map<string, unknown>> {
  const rows = await world.sql<{ key: string; row: unknown }>(`
    select entry.steam_id || '/' || entry.app_id as key,
      (to_jsonb(entry) - array['last_seen_import_id', 'highest_playtime_minutes', 'playtime_withheld']) || jsonb_build_object(
        'app', to_jsonb(app) - array['game_id', 'learnt_at', 'named_at'],
        'game', to_jsonb(game) - array['id', 'learnt_at'],
        'genres', (select jsonb_agg(genre.name order by genre.name) from game_genres link
          join genres genre on genre.id = link.genre_id where link.game_id = game.id),
        'platforms', (select jsonb_agg(platform.name order by platform.name) from game_platforms link
          join platforms platform on platform.id = link.platform_id where link.game_id = game.id)
      ) as row
    from library_entries entry join steam_apps app using (app_id) left join games game on game.id = app.game_id`);
  return new Map(rows.map(({ key, row }) => [key, row]));
}

async function storedMinutes({ sql }: World): Promise<Map<string, number | null>> {
  const rows = await sql<{ key: string; minutes: number | null }>(
    `select steam_id || '/' || app_id as key, playtime_minutes as minutes from library_entries`,
  );
  return new Map(rows.map(({ key, minutes }) => [key, minutes]));
}

async function publishedMinutes(
  world: World,
  people: readonly string[],
): Promise<Map<string, number | null>> {
  const minutes = new Map<string, number | null>();
  for (const steamId of new Set(people)) {
    const { body } = await world.request(`/libraries/${steamId}`);
    const games = (body.games ?? []) as { appid: number; playtime_minutes: number | null }[];
    for (const game of games) minutes.set(`${steamId}/${game.appid}`, game.playtime_minutes);
  }
  return minutes;
}

export async function depthsOf(world: World): Promise<{ waiting: number; dead: number }> {
  const count = async (QueueUrl: string) => {
    const { Attributes = {} } = await world.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    return Object.entries(Attributes)
      .filter(([name]) => name.startsWith('ApproximateNumberOfMessages'))
      .reduce((sum, [, value]) => sum + Number(value), 0);
  };
  const sum = async (urlOf: (stage: StageName) => string) =>
    (await Promise.all(stageNames.map((stage) => count(urlOf(stage))))).reduce((a, b) => a + b, 0);
  return { waiting: await sum(world.queueUrl), dead: await sum(world.deadLetterUrl) };
}

async function lettersOf(world: World): Promise<Letter[]> {
  const letters: Letter[] = [];
  for (const stage of stageNames) {
    const { body } = await world.request(`/queues/${stage}/dead-letters`);
    for (const { import_id, error } of body.messages as {
      import_id: string | null;
      error: { code: string };
    }[])
      letters.push({ stage, importId: import_id, code: error?.code });
  }
  return letters;
}

/** Counted by another reader than the pipeline's. */
async function countRows({ s3, bucket }: World, key: string): Promise<number | null> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const { data } = Papa.parse<string[]>((await Body?.transformToString()) ?? '', { skipEmptyLines: true });
    return data.length - 1;
  } catch (error) {
    if ((error as Error).name === 'NoSuchKey') return null;
    throw error;
  }
}

export async function keysOf({ s3, bucket }: World, prefix: string): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
  return Contents.map(({ Key = '' }) => Key);
}
