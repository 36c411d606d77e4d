import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type CloudEndpoint = { url: string; close(): Promise<void> };

/**
 * One address for everything that a function asks AWS: Secrets Manager is answered here, because the embedded AWS
 * has none, and everything else is passed on to it.
 * @param secrets values by the secrets' ids.
 */
export async function startCloudEndpoint(
  awsEndpoint: string,
  secrets: Record<string, string>,
): Promise<CloudEndpoint> {
  const server = createServer((incoming, outgoing) => {
    if (incoming.headers['x-amz-target'] === 'secretsmanager.GetSecretValue') {
      void answerSecret(incoming, outgoing, secrets);
      return;
    }
    const { method, headers, url } = incoming;
    const passedOn = request(new URL(url ?? '/', awsEndpoint), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passedOn.on('error', () => outgoing.destroy());
    incoming.pipe(passedOn);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answerSecret(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  secrets: Record<string, string>,
): Promise<void> {
  let body = '';
  for await (const chunk of incoming) body += chunk;
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
