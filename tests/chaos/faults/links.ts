import { setTimeout as delay } from 'node:timers/promises';
import { type StageName, stageNames } from '@savepoint/core/topology.ts';
import type { Chance } from '../harness/chance.ts';
import { answering, type Fault, type LinkAnswer, type LinkRequest } from '../harness/faulty-link.ts';

/** What faults look at, and what they do, on the links. */

/** `GetObject`, `PutObject`, `ReceiveMessage` …, batches by their single name. */
export function operationOf({ method, url, headers }: LinkRequest): string {
  const [service, operation = ''] = String(headers['x-amz-target'] ?? '').split('.');
  if (service === 'AmazonSQS') return operation.replace(/Batch$/, '');
  const isBucket = url.pathname.split('/').filter(Boolean).length < 2;
  if (isBucket) return method === 'GET' ? 'ListObjects' : `${method} bucket`;
  const names: Record<string, string> = {
    GET: 'GetObject',
    HEAD: 'HeadObject',
    PUT: 'PutObject',
    POST: 'PutObject',
    DELETE: 'DeleteObject',
  };
  return names[method] ?? method;
}

/** `raw/…` for S3. */
export const keyOf = ({ url }: LinkRequest): string =>
  decodeURIComponent(url.pathname).split('/').slice(2).join('/');

export const isPutOf =
  (prefix: string) =>
  (request: LinkRequest): boolean =>
    operationOf(request) === 'PutObject' && keyOf(request).startsWith(prefix);

export const isLibrary = (request: LinkRequest): boolean => /^(raw|enriched)\//.test(keyOf(request));

/** The stage whose queue an SQS request is about; undefined for its dead letters. */
export function stageOfQueue({ body }: LinkRequest): StageName | undefined {
  const { QueueUrl = '' } = JSON.parse(body.toString() || '{}') as { QueueUrl?: string };
  return stageNames.find((stage) => QueueUrl.endsWith(`-${stage}`));
}

/** So many of 100 requests, and the first for sure: the fault must meet something. */
export function oftenEnough(chance: Chance, percent: number): () => boolean {
  let isFirst = true;
  return () => {
    const meets = isFirst || chance.happens(percent / 100);
    isFirst = false;
    return meets;
  };
}

export const late =
  (ms: () => number): Fault =>
  async (_request, pass) => {
    await delay(ms());
    return { ...(await pass()) };
  };
/** Never comes to anything; the caller has to lose patience. */
export const hanging: Fault = async () => {
  await delay(60_000, undefined, { ref: false });
  return 'reset';
};
export const reset: Fault = async () => 'reset';
/** It is done, and nobody hears of it. */
export const answerLost: Fault = async (_request, pass) => {
  await pass();
  return 'reset';
};
export const cutAnswer: Fault = async (_request, pass) => ({ cut: await pass() });
export const status =
  (code: number, body = '', contentType?: string): Fault =>
  async () =>
    answering(code, body, contentType);
/** Changes what a successful answer says. */
export const rewriting =
  (rewrite: (text: string) => string): Fault =>
  async (_request, pass): Promise<LinkAnswer> => {
    const answer = await pass();
    if (answer.status !== 200) return answer;
    const text = answer.body.toString();
    const changed = rewrite(text);
    if (changed === text) return answer;
    // The sums would tell of it.
    const headers = Object.fromEntries(
      Object.entries(answer.headers).filter(([name]) => !name.startsWith('x-amz-checksum')),
    );
    return { ...answer, headers, body: Buffer.from(changed) };
  };
/** The same for JSON. */
export const editing = <Json>(edit: (json: Json) => unknown): Fault =>
  rewriting((text) => JSON.stringify(edit(JSON.parse(text) as Json)));
