import { mockResource } from '../../graph/aws-mocks.ts';
import type { Resource } from '../../graph/job.ts';
import type { Applier, Clients, Code, Created, Inputs } from './applier.ts';
import { functions } from './functions.ts';
import { gateway } from './gateway.ts';
import { messages } from './messages.ts';
import { monitoring } from './monitoring.ts';
import { storage } from './storage.ts';

const appliers: Record<string, Applier> = {
  ...storage,
  ...messages,
  ...functions,
  ...gateway,
  ...monitoring,
};

/** What others mention comes before them; within a kind, names decide. */
const order = [
  'aws:s3/bucket:Bucket',
  'aws:sns/topic:Topic',
  'aws:sns/',
  'DeadLettersQueue',
  'aws:sqs/queue:Queue',
  'aws:sqs/',
  'aws:s3/',
  'aws:cloudwatch/logGroup:LogGroup',
  'aws:secretsmanager/',
  'aws:iam/',
  // Its address is told to functions.
  'aws:apigatewayv2/api:Api',
  'aws:lambda/function:Function',
  'aws:apigatewayv2/authorizer',
  'aws:apigatewayv2/integration',
  'aws:apigatewayv2/',
  'aws:lambda/',
  'aws:scheduler/',
  'aws:cloudwatch/metricAlarm',
];
function rankOf({ type, name }: Resource): number {
  const rank = order.findIndex((part) => type.startsWith(part) || name.endsWith(part));
  return rank < 0 ? order.length : rank;
}

/** Not of AWS: it gives names, which the evaluation has given. */
const isNothing = ({ type }: Resource) => type.startsWith('random:');

export type Applied = {
  applied: Resource[];
  /** In the words of the implementation, or that nobody wrote how to create such a resource. */
  refused: { resource: Resource; reason: string }[];
};

/**
 * Creates the resources of an evaluated graph one by one, as a deployment would. One that is refused is noted, and the
 * next is tried.
 */
export async function applyGraph(
  resources: readonly Resource[],
  clients: Clients,
  code: Code,
): Promise<Applied> {
  const result: Applied = { applied: [], refused: [] };
  /** What the graph was evaluated with, and what there is now. */
  const real = new Map<string, string>();
  const sorted = resources.filter((each) => !isNothing(each)).toSorted((a, b) => rankOf(a) - rankOf(b));
  for (const resource of sorted) {
    try {
      const apply = appliers[resource.type];
      if (apply === undefined) throw new Error('The rehearsal does not know how to create it.');
      const created = await apply(withReal(resource.inputs, real), clients, code);
      note(resource, created ?? {}, real);
      result.applied.push(resource);
    } catch (error) {
      result.refused.push({ resource, reason: reasonOf(error as SdkError) });
    }
  }
  return result;
}

type SdkError = Error & { $metadata?: { httpStatusCode?: number } };

/** What the implementation said. Of a page in HTML, which the SDK cannot read, the status alone. */
function reasonOf({ name, message, $metadata }: SdkError): string {
  const status = $metadata?.httpStatusCode;
  if (status !== undefined && /Deserialization error|UnknownError/.test(message)) return `HTTP ${status}`;
  return `${name}: ${message}`.replaceAll(/\s+/g, ' ').slice(0, 200);
}

function note(resource: Resource, created: Created, real: Map<string, string>): void {
  const { id, state } = mockResource(resource);
  const assumed: Created = { id, arn: String(state.arn), url: String(state.url) };
  for (const part of ['id', 'arn', 'url'] as const) {
    const [before, now] = [assumed[part], created[part]];
    if (before && now && before !== now) real.set(before, now);
  }
}

function withReal(inputs: Inputs, real: ReadonlyMap<string, string>): Inputs {
  let text = JSON.stringify(inputs);
  for (const [before, now] of real) text = text.replaceAll(before, now);
  return JSON.parse(text) as Inputs;
}
