import { setTimeout as delay } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { type StageName, stageNames } from '@savepoint/core/topology.ts';
import type { Chance } from '../harness/chance.ts';
import type { LinkAnswer } from '../harness/faulty-link.ts';
import type { NamedFault } from '../harness/named-fault.ts';
import type { World } from '../harness/world.ts';
import { operationOf, stageOfQueue } from './links.ts';

/** What the queues hand out, and S3 announces. */

type Change = (
  messages: Message[],
  stage: StageName,
  world: World,
  chance: Chance,
) => Promise<Message[]> | Message[];

/** Stands between a queue and its stage; the same array says that nothing was done. */
const changing =
  (change: Change) =>
  (world: World, chance: Chance): void => {
    world.aws.add((request) => {
      const stage = operationOf(request) === 'ReceiveMessage' ? stageOfQueue(request) : undefined;
      if (stage === undefined) return null;
      return async (_request, pass): Promise<LinkAnswer> => {
        const answer = await pass();
        const { Messages = [] } = JSON.parse(answer.body.toString()) as { Messages?: Message[] };
        if (Messages.length === 0) return answer;
        const changed = await change(Messages, stage, world, chance);
        if (changed === Messages) return answer;
        return {
          ...answer,
          body: Buffer.from(JSON.stringify(changed.length > 0 ? { Messages: changed } : {})),
        };
      };
    });
  };

const send = (world: World, stage: StageName, body: unknown) =>
  world.sqs.send(
    new SendMessageCommand({
      QueueUrl: world.queueUrl(stage),
      MessageBody: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  );

export const delivery = (name: string, change: Change): NamedFault => ({
  name,
  area: 'delivery',
  begin: changing(change),
});

const record = (key: string) => ({
  eventSource: 'aws:s3',
  eventName: 'ObjectCreated:Put',
  s3: { bucket: { name: 'another' }, object: { key, sequencer: '01' } },
});

export const deliveryFaults: readonly NamedFault[] = [
  delivery('event-duplicated', async (messages, stage, world) => {
    const seen = (duplicated.get(world) ?? duplicated.set(world, new Set()).get(world))!;
    const unseen = messages.filter(({ Body = '' }) => !seen.has(Body));
    for (const { Body = '' } of unseen) {
      seen.add(Body);
      await send(world, stage, Body);
    }
    return unseen.length > 0 ? [...messages] : messages;
  }),
  delivery('event-twice-at-once', (messages) => messages.flatMap((message) => [message, message])),
  delivery('event-delayed', async (messages, stage, world, chance) => {
    const [put, ...rest] = messages;
    if (!chance.happens(0.6)) return messages;
    await world.sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: world.queueUrl(stage),
        ReceiptHandle: put!.ReceiptHandle,
        VisibilityTimeout: chance.between(1, 3),
      }),
    );
    return rest;
  }),
  delivery('events-reordered', async (messages, _stage, _world, chance) => {
    await delay(chance.between(0, 900));
    return messages.toReversed();
  }),
  {
    ...delivery('event-missing', async (messages, stage, world, chance) => {
      if (stage === 'steam-import') return messages;
      const lost = messages.filter(() => chance.happens(0.6));
      for (const { ReceiptHandle } of lost)
        await world.sqs.send(new DeleteMessageCommand({ QueueUrl: world.queueUrl(stage), ReceiptHandle }));
      return lost.length === 0 ? messages : messages.filter((message) => !lost.includes(message));
    }),
    losesMessages: true,
  },
  {
    name: 'event-stale',
    area: 'delivery',
    begin(world, chance, met) {
      const bodies: { stage: StageName; body: string }[] = [];
      changing((messages, stage) => {
        met(messages.length);
        bodies.push(...messages.map(({ Body = '' }) => ({ stage, body: Body })));
        return messages;
      })(world, chance);
      return async () => {
        for (const { stage, body } of bodies.toReversed()) await send(world, stage, body);
      };
    },
  },
  {
    name: 'test-event',
    area: 'delivery',
    async begin(world, _chance, met) {
      const event = { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: world.bucket };
      for (const stage of ['igdb-enrichment', 'database-import'] as const) await send(world, stage, event);
      met(2);
    },
  },
  {
    name: 'foreign-record-of-three',
    area: 'delivery',
    poison: 1,
    begin(world, chance) {
      let isAdded = false;
      changing((messages, stage) => {
        if (stage !== 'igdb-enrichment' || isAdded) return messages;
        isAdded = true;
        const [first, ...rest] = messages;
        const { Records } = JSON.parse(first!.Body!) as { Records: unknown[] };
        const body = JSON.stringify({ Records: [...Records, record('raw/holiday.csv'), ...Records] });
        return [{ ...first, Body: body }, ...rest];
      })(world, chance);
    },
  },
  {
    name: 'poison-messages',
    area: 'delivery',
    poison: 6,
    async begin(world, _chance, met) {
      met(2 * stageNames.length);
      for (const stage of stageNames) {
        await send(world, stage, 'no JSON');
        await send(world, stage, { steam_id: '1', Records: 'none' });
      }
    },
  },
];

/** A message is doubled once. */
const duplicated = new WeakMap<World, Set<string>>();
