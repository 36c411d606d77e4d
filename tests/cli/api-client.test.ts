import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApiClient } from '@savepoint/cli/api-client.ts';
import { Unread } from '@savepoint/cli/story/follow-import.ts';
import { importId } from '../support/stage-statuses.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers with one status after the other; the last one is 2xx and has the body. */
function answering(body: object, ...statuses: number[]) {
  const asked: string[] = [];
  const listener: RequestListener = (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const status = statuses[asked.length - 1] ?? 500;
    response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '1' });
    response.end(JSON.stringify(status < 300 ? body : { detail: `no ${status}` }));
  };
  return { listener, asked };
}

const view = { import_id: importId, status: 'running', stages: [] };
const queued = {
  import_id: importId,
  steam_id: '76561197960287930',
  status: 'queued',
  status_url: 'http://x/',
};
const { signal } = new AbortController();
const clientAt = (url: string) => createApiClient(async () => ({ url, headers: {} }));

test('a request that is turned away is made again, one that may have been taken is not', async () => {
  const busy = answering(queued, 429, 202);
  expect(await clientAt(await serve(busy.listener)).requestImport('x')).toEqual(queued);
  expect(busy.asked).toEqual(['POST /imports', 'POST /imports']);

  const broken = answering(queued, 503, 202);
  await expect(clientAt(await serve(broken.listener)).requestImport('x')).rejects.toMatchObject({
    exitCode: 4,
    message: 'no 503',
  });
  expect(broken.asked).toHaveLength(1);
});

test.each([301, 307])(
  'nobody is followed elsewhere with HTTP %i: the sentence says what to do',
  async (status) => {
    const other = answering(queued, 202);
    const elsewhere = await serve(other.listener);
    const address = await serve((_request, response) =>
      response.writeHead(status, { location: `${elsewhere}/imports` }).end(),
    );
    await expect(clientAt(address).requestImport('x')).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('Set API_URL to the address where it is'),
    });
    expect(other.asked).toEqual([]);
  },
);

test.each([
  [429, new Unread('HTTP 429', 1)],
  [502, new Unread('HTTP 502', 1)],
])('a status behind HTTP %i is unread this time', async (status, unread) => {
  const api = answering(view, status, 200);
  const client = clientAt(await serve(api.listener));
  await expect(client.readImport(importId, signal)).rejects.toEqual(unread);
  expect(await client.readImport(importId, signal)).toEqual(view);
});

test.each([
  [401, 4],
  [404, 3],
])('HTTP %i is no lost poll', async (status, exitCode) => {
  const api = answering(view, status);
  await expect(clientAt(await serve(api.listener)).readImport(importId, signal)).rejects.toMatchObject({
    exitCode,
    message: `no ${status}`,
  });
});

test('a stack that comes back on another port is found there', async () => {
  const first = await serve(answering(view, 200).listener);
  const second = await serve(answering(view, 200).listener);
  const gone = await serve(() => undefined);
  servers.at(-1)!.close();
  const addresses = [first, gone, second];
  const client = createApiClient(async () => ({ url: addresses.shift()!, headers: {} }));
  expect(await client.readImport(importId, signal)).toEqual(view);
  servers[0]!.close();
  servers[0]!.closeAllConnections();
  for (const _ of [1, 2])
    await expect(client.readImport(importId, signal)).rejects.toMatchObject({
      message: expect.stringMatching(/^(ECONNREFUSED|ECONNRESET|UND_ERR_SOCKET)$/),
    });
  expect(await client.readImport(importId, signal)).toEqual(view);
});

test('what is not our API is said to be another program', async () => {
  const url = await serve((_, response) => void response.end('<html>'));
  await expect(clientAt(url).readImport(importId, signal)).rejects.toMatchObject({
    exitCode: 4,
    message: `What answers at ${url} is not Savepoint's HTTP API.`,
  });
});
