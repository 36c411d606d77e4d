import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type FakeCloud = {
  /** The environment of somebody who is signed in to it. */
  variables: Record<string, string>;
  /** Values by the secrets' ids; null is one that was never filled. */
  secrets: Map<string, string | null>;
  /** What each function does when it is called. */
  functions: Map<string, (payload: unknown) => { answer: unknown; failed?: boolean }>;
  close(): void;
};

/** As much of STS, Secrets Manager and Lambda as an operator's commands ask. @param accountId null lets nobody in. */
export async function startFakeCloud(accountId: string | null = '123456789012'): Promise<FakeCloud> {
  const secrets: FakeCloud['secrets'] = new Map();
  const functions: FakeCloud['functions'] = new Map();
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).join('');
    const target = String(request.headers['x-amz-target'] ?? '');
    if (target.startsWith('secretsmanager.')) answerSecret(target, JSON.parse(body), secrets, response);
    else if (body.includes('Action=GetCallerIdentity')) answerCaller(accountId, response);
    else answerFunction(request, body, functions, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    variables: {
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      // One by one, since a deployment refuses AWS_ENDPOINT_URL.
      ...Object.fromEntries(
        ['STS', 'SECRETS_MANAGER', 'LAMBDA'].map((name) => [`AWS_ENDPOINT_URL_${name}`, url]),
      ),
    },
    secrets,
    functions,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

type SecretCall = { SecretId: string; SecretString?: string };

function answerSecret(
  target: string,
  { SecretId, SecretString }: SecretCall,
  secrets: FakeCloud['secrets'],
  response: ServerResponse,
): void {
  const value = secrets.get(SecretId);
  const isMissing = value === undefined || (target.endsWith('GetSecretValue') && value === null);
  if (SecretString !== undefined && !isMissing) secrets.set(SecretId, SecretString);
  response.writeHead(isMissing ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(
    JSON.stringify(
      isMissing ? { __type: 'ResourceNotFoundException' } : { Name: SecretId, SecretString: value },
    ),
  );
}

function answerCaller(accountId: string | null, response: ServerResponse): void {
  const result =
    accountId === null
      ? '<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>x</Message></Error></ErrorResponse>'
      : `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${accountId}:user/me</Arn><UserId>U</UserId><Account>${accountId}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
  response.writeHead(accountId === null ? 403 : 200, { 'content-type': 'text/xml' }).end(result);
}

function answerFunction(
  request: IncomingMessage,
  body: string,
  functions: FakeCloud['functions'],
  response: ServerResponse,
): void {
  const configured = /^\/2015-03-31\/functions\/([^/]+)\/configuration$/.exec(request.url ?? '')?.[1];
  if (configured !== undefined && functions.has(configured)) {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ FunctionName: configured }));
    return;
  }
  const name = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(request.url ?? '')?.[1] ?? '';
  const called = functions.get(name)?.(JSON.parse(body || 'null'));
  response.setHeader('content-type', 'application/json');
  if (called === undefined)
    response.writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' }).end('{}');
  else {
    if (called.failed) response.setHeader('x-amz-function-error', 'Unhandled');
    response.end(JSON.stringify(called.answer));
  }
}
