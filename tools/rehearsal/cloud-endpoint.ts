import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AwsCall, invokedFunction, readAwsCall } from './aws-call.ts';

export type CloudEndpoint = {
  url: string;
  /** What was refused, because the caller's role does not allow it. */
  refused: AwsCall[];
  close(): Promise<void>;
};

export type CloudOptions = {
  /** Values by the secrets' ids; null leaves Secrets Manager and CloudWatch to the endpoint behind. */
  secrets: Record<string, string> | null;
  /** Whether the function that is running may do it; asked once for each call, and once more for what S3 then looks for. */
  mayCall(call: AwsCall): boolean;
  /** Runs a function that another one calls. Default: Lambda is the endpoint's behind. */
  invoke?: (functionName: string, payload: unknown) => Promise<unknown>;
};

/**
 * One address for everything that a function asks AWS: refused where its role does not allow it, answered here for
 * Secrets Manager and CloudWatch, which the embedded AWS lacks, and passed on to that otherwise.
 */
export async function startCloudEndpoint(
  awsEndpoint: string,
  { secrets, mayCall, invoke }: CloudOptions,
): Promise<CloudEndpoint> {
  const refused: AwsCall[] = [];
  const isRefused = (call: AwsCall): boolean => {
    if (mayCall(call)) return false;
    refused.push(call);
    return true;
  };
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const body = Buffer.concat(await incoming.toArray());
    const url = new URL(incoming.url ?? '/', awsEndpoint);
    const call = readAwsCall(incoming.method ?? '', url, incoming.headers, body.toString());
    const invoked = invokedFunction(url);
    if (isRefused(call)) deny(outgoing);
    else if (invoked !== undefined && invoke !== undefined)
      outgoing.end(JSON.stringify(await invoke(invoked, JSON.parse(body.toString()))));
    else if (call.action === 'secretsmanager:GetSecretValue' && secrets !== null)
      answerSecret(outgoing, body.toString(), secrets);
    else if (call.action === 'cloudwatch:GetMetricData' && secrets !== null)
      outgoing.setHeader('content-type', 'application/x-amz-json-1.0').end('{"MetricDataResults":[]}');
    else passOn(incoming, url, body, outgoing, (status) => status === 404 && isRefused(lookFor(call)));
  };
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** S3 says that an object is not there only to those who may list; to others it says 403. */
function lookFor({ action, resource }: AwsCall): AwsCall {
  if (action !== 's3:GetObject') return { action, resource };
  const [bucket = '', ...key] = resource.split('/');
  return { action: 's3:ListBucket', resource: bucket, prefix: key.join('/') };
}

const deny = (outgoing: ServerResponse) =>
  void outgoing.writeHead(403).end(JSON.stringify({ __type: 'AccessDeniedException' }));

function passOn(
  { method, headers }: IncomingMessage,
  url: URL,
  body: Buffer,
  outgoing: ServerResponse,
  isDenied: (status: number) => boolean,
): void {
  const passedOn = request(url, { method, headers }, (answer) => {
    const { statusCode = 502 } = answer;
    if (isDenied(statusCode)) {
      answer.resume();
      deny(outgoing);
      return;
    }
    outgoing.writeHead(statusCode, answer.headers);
    answer.pipe(outgoing);
  });
  passedOn.on('error', () => outgoing.destroy());
  passedOn.end(body);
}

function answerSecret(outgoing: ServerResponse, body: string, secrets: Record<string, string>): void {
  const { SecretId } = JSON.parse(body) as { SecretId: string };
  const value = secrets[SecretId];
  // What Secrets Manager says of a secret that was created and never filled.
  const answer =
    value === undefined
      ? { __type: 'ResourceNotFoundException', Message: 'no value for staging label AWSCURRENT' }
      : { Name: SecretId, SecretString: value, VersionId: '1' };
  outgoing.writeHead(value === undefined ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
  outgoing.end(JSON.stringify(answer));
}
