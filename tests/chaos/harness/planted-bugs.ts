import { PutObjectCommand } from '@aws-sdk/client-s3';
import { DeleteMessageCommand, type Message } from '@aws-sdk/client-sqs';
import type { StageName } from '@savepoint/core/topology.ts';
import { editing, isPutOf, keyOf, operationOf, rewriting, stageOfQueue } from '../faults/links.ts';
import { answering, type LinkAnswer } from './faulty-link.ts';
import type { Finding } from './checks.ts';
import type { World } from './world.ts';

/** What the pipeline would do wrong, done to it from outside: each must be found. */
export type PlantedBug = {
  name: string;
  /** Under which it does harm. */
  fault: string;
  plant(world: World): void;
  /** What it must be found as. */
  foundAs: Finding['kind'];
};

/** Sees what a stage receives; what it takes away is deleted, as if the stage had said that it is done. */
function receiving(
  world: World,
  isTaken: (message: Message, stage: StageName) => boolean,
  isShown: boolean,
): void {
  world.aws.add((request) => {
    const stage = operationOf(request) === 'ReceiveMessage' ? stageOfQueue(request) : undefined;
    if (stage === undefined) return null;
    return async (_request, pass): Promise<LinkAnswer> => {
      const answer = await pass();
      const { Messages = [] } = JSON.parse(answer.body.toString()) as { Messages?: Message[] };
      const taken = Messages.filter((message) => isTaken(message, stage));
      for (const { ReceiptHandle } of taken)
        await world.sqs.send(new DeleteMessageCommand({ QueueUrl: world.queueUrl(stage), ReceiptHandle }));
      const shown = isShown ? Messages : Messages.filter((message) => !taken.includes(message));
      return { ...answer, body: Buffer.from(JSON.stringify({ Messages: shown })) };
    };
  });
}

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'a load is acknowledged before its commit',
    fault: 'postgres-away',
    plant: (world) => receiving(world, (_message, stage) => stage === 'database-import', true),
    foundAs: 'lost',
  },
  {
    name: 'a rejected row is dropped without a word',
    fault: 'none',
    plant: (world) =>
      void world.aws.add((request) =>
        operationOf(request) === 'GetObject' && keyOf(request).startsWith('raw/')
          ? rewriting((csv) => csv.replace('nonsense,Nothing,1\n', ''))
          : null,
      ),
    foundAs: 'miscounted',
  },
  {
    name: 'half of a library is published',
    fault: 'none',
    plant: (world) =>
      void world.aws.add((request) =>
        operationOf(request) === 'GetObject' && keyOf(request).startsWith('enriched/')
          ? rewriting((csv) => csv.slice(0, csv.indexOf('\n', csv.length / 2) + 1))
          : null,
      ),
    foundAs: 'miscounted',
  },
  {
    name: 'a field that is absent is believed to be nought',
    fault: 'steam-leaves-out-fields',
    plant: (world) =>
      void world.upstream.add(({ url }) =>
        url.pathname.includes('GetOwnedGames')
          ? editing<{ response: { games?: object[] } }>(({ response }) => ({
              response: {
                ...response,
                games: response.games?.map((game) => ({ ...game, playtime_forever: 0 })),
              },
            }))
          : null,
      ),
    foundAs: 'differs',
  },
  {
    name: 'a row of a library never reaches its table',
    fault: 'none',
    plant: (world) =>
      void world.sql(`create or replace function chaos_row() returns trigger language plpgsql as $$
          begin if new.app_id % 7 = 0 then return null; end if; return new; end $$;
        create or replace trigger chaos_row before insert on library_entries for each row execute function chaos_row()`),
    foundAs: 'differs',
  },
  {
    name: 'a library is said to be published, and is not',
    fault: 'none',
    plant: (world) =>
      void world.aws.add((request) => (isPutOf('exports/')(request) ? async () => answering(200) : null)),
    foundAs: 'untrue',
  },
  {
    name: 'somebody is imported for whom nobody asked',
    fault: 'none',
    plant: (world) =>
      void world.s3.send(
        new PutObjectCommand({
          Bucket: world.bucket,
          Key: 'raw/steam-library-76561202255299999-2026-01-02.csv',
          Body: 'appid,name,playtime_forever\n440,Team Fortress 2,1\n',
        }),
      ),
    foundAs: 'unexpected',
  },
  {
    name: 'a redriven message is lost',
    fault: 'steam-leaves-out-library',
    plant: (world) =>
      receiving(world, ({ MessageAttributes }) => Object.keys(MessageAttributes ?? {}).length > 0, false),
    foundAs: 'lost',
  },
];
