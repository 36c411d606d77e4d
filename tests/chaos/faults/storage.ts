import type { Chance } from '../harness/chance.ts';
import type { Fault } from '../harness/faulty-link.ts';
import type { NamedFault } from '../harness/named-fault.ts';
import type { World } from '../harness/world.ts';
import {
  answerLost,
  cutAnswer,
  isLibrary,
  keyOf,
  late,
  oftenEnough,
  operationOf,
  stageOfQueue,
  status,
} from './links.ts';

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
    const isMet = oftenEnough(chance, percent);
    world.aws.add((request) => (operations.includes(operationOf(request)) && isMet() ? fault : null));
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
      const isMet = oftenEnough(chance, 50);
      world.aws.add(({ headers, ...request }) =>
        operationOf({ headers, ...request }) === 'PutObject' &&
        (headers['if-match'] ?? headers['if-none-match']) !== undefined &&
        isMet()
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
  {
    // Of a message whose attempt failed: Steam is away as well, or none would be put off.
    name: 'sqs-visibility-503',
    area: 'queues',
    begin(world, chance) {
      meets(['ChangeMessageVisibility'], internal, 100)(world, chance);
      const away = { path: 'GetOwnedGames', times: Number.POSITIVE_INFINITY };
      world.simulators.faults.steam.push(away);
      return () => void world.simulators.faults.steam.splice(0);
    },
  },
  {
    // As when Lambda throttles: the messages are in flight, and nobody has them.
    name: 'sqs-received-by-nobody',
    area: 'queues',
    begin(world, chance) {
      const isMet = oftenEnough(chance, 40);
      world.aws.add((request) =>
        operationOf(request) === 'ReceiveMessage' && stageOfQueue(request) && isMet() ? answerLost : null,
      );
    },
  },
];
