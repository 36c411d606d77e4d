import type { Chance } from '../harness/chance.ts';
import type { Fault } from '../harness/faulty-link.ts';
import type { NamedFault } from '../harness/named-fault.ts';
import type { World } from '../harness/world.ts';
import { answerLost, cutAnswer, isLibrary, keyOf, late, operationOf, stageOfQueue, status } from './links.ts';

/** What S3 and SQS do to whoever asks them. */

const slowDown = status(
  503,
  '<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>',
  'application/xml',
);
const noSuchKey = status(
  404,
  '<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>',
  'application/xml',
);
const lostRace = status(
  412,
  '<Error><Code>PreconditionFailed</Code><Message>At least one of the pre-conditions did not hold.</Message></Error>',
  'application/xml',
);
const internal = status(500, '{"__type":"InternalFailure"}', 'application/x-amz-json-1.0');

const s3Operations = ['GetObject', 'HeadObject', 'PutObject', 'DeleteObject', 'ListObjects'];

const meets =
  (operations: readonly string[], fault: Fault, percent: number) =>
  (world: World, chance: Chance): void => {
    world.aws.add((request) =>
      operations.includes(operationOf(request)) && chance.happens(percent / 100) ? fault : null,
    );
  };
const s3 = (name: string, operations: readonly string[], fault: Fault, percent = 50): NamedFault => ({
  name: `s3-${name}`,
  area: 'storage',
  begin: meets(operations, fault, percent),
});
const sqs = (name: string, operation: string, fault: Fault, percent = 60): NamedFault => ({
  name: `sqs-${name}`,
  area: 'queues',
  begin: meets([operation], fault, percent),
});

export const storageFaults: readonly NamedFault[] = [
  s3('503', s3Operations, slowDown),
  s3(
    'slow',
    s3Operations,
    late(() => 400),
    100,
  ),
  s3('truncated', ['GetObject'], cutAnswer),
  s3('answer-lost', ['PutObject'], answerLost),
  {
    name: 's3-404-after-event',
    area: 'storage',
    begin(world) {
      world.aws.add((request) =>
        /^(GetObject|HeadObject)$/.test(operationOf(request)) && isLibrary(request) ? noSuchKey : null,
      );
    },
  },
  {
    name: 's3-conditional-put-loses',
    area: 'storage',
    begin(world, chance) {
      world.aws.add(({ headers, ...request }) =>
        operationOf({ headers, ...request }) === 'PutObject' &&
        (headers['if-match'] ?? headers['if-none-match']) !== undefined &&
        chance.happens(0.5)
          ? lostRace
          : null,
      );
    },
  },
  {
    name: 's3-status-refused',
    area: 'storage',
    begin(world) {
      world.aws.add((request) =>
        operationOf(request) === 'PutObject' && keyOf(request).startsWith('status/') ? slowDown : null,
      );
    },
  },
  sqs('receive-503', 'ReceiveMessage', internal),
  sqs('delete-503', 'DeleteMessage', internal),
  sqs('delete-answer-lost', 'DeleteMessage', answerLost),
  sqs('send-503', 'SendMessage', internal),
  sqs('send-answer-lost', 'SendMessage', answerLost, 40),
  sqs('visibility-503', 'ChangeMessageVisibility', internal, 100),
  {
    // As when Lambda throttles: the messages are in flight, and nobody has them.
    name: 'sqs-received-by-nobody',
    area: 'queues',
    begin(world, chance) {
      world.aws.add((request) =>
        operationOf(request) === 'ReceiveMessage' && stageOfQueue(request) && chance.happens(0.4)
          ? answerLost
          : null,
      );
    },
  },
];
