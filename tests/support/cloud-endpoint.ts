import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AwsCall, readAwsCall } from './aws-call.ts';

export type CloudEndpoint = {
  url: string;
  /** What was refused, because the caller's role does not allow it. */
  refused: AwsCall[];
  close(): Promise<void>;
};

/**
 * One address for everything that a function asks AWS: refused where its role does not allow it, answered here for
 * Secrets Manager, which the embedded AWS lacks, and passed on to that otherwise.
 * @param secrets values by the secrets' ids.
 * @param mayCall whether the function that is running may do it.
 */
export async function startCloudEndpoint(
  awsEndpoint: string,
  secrets: Record<string, string>,
  mayCall: (call: AwsCall) => boolean,
): Promise<CloudEndpoint> {
  const refused: AwsCall[] = [];
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const body = Buffer.concat(await incoming.toArray());
    const url = new URL(incoming.url ?? '/', awsEndpoint);
    const call = readAwsCall(incoming.method ?? '', url, incoming.headers, body.toString());
    if (!mayCall(call)) {
      refused.push(call);
      outgoing.writeHead(403).end(JSON.stringify({ __type: 'AccessDeniedException' }));
    } else if (call.action === 'secretsmanager:GetSecretValue') {
      answerSecret(outgoing, body.toString(), secrets);
    } else {
      passOn(incoming, url, body, outgoing);
    }
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

function passOn(
  { method, headers }: IncomingMessage,
  url: URL,
  body: Buffer,
  outgoing: ServerResponse,
): void {
  const passedOn = request(url, { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
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
