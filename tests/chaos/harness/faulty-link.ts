import { type IncomingHttpHeaders, type IncomingMessage, request, createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request on its way from the pipeline to what it relies on. */
export type LinkRequest = {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: Buffer;
};
export type LinkAnswer = { status: number; headers: Record<string, string>; body: Buffer };

/**
 * Stands in the way of requests. `pass` sends the request on and yields the answer, which may be changed, told late or
 * not at all; `'reset'` breaks the connection, `'cut'` breaks it after half of the answer's body.
 */
export type Fault = (request: LinkRequest, pass: () => Promise<LinkAnswer>) => Promise<FaultyAnswer>;
export type FindFault = (request: LinkRequest) => Fault | null;
export type FaultyAnswer = LinkAnswer | 'reset' | { cut: LinkAnswer };

export type FaultyLink = {
  url: string;
  /**
   * Asked in order; the first that does not answer null handles the request.
   * @param met told of each request with which something was done; not of one whose answer was handed on as it came, the
   *   same object.
   */
  add(find: FindFault, met?: (count: number) => void): void;
  /** Told of every request, before anything is done with it. */
  watch(seen: (request: LinkRequest) => void): void;
  calm(): void;
  breakConnections(): void;
  close(): Promise<void>;
};

/** An HTTP address of 127.0.0.1 that leads to another one, through faults. */
export async function startFaultyLink(target: string): Promise<FaultyLink> {
  const faults: FindFault[] = [];
  const watchers: ((request: LinkRequest) => void)[] = [];
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const asked: LinkRequest = {
      method: incoming.method ?? 'GET',
      url: new URL(incoming.url ?? '/', target),
      headers: incoming.headers,
      body: Buffer.concat(await incoming.toArray()),
    };
    for (const seen of watchers) seen(asked);
    const pass = () => passOn(asked);
    const fault = faults.map((find) => find(asked)).find((found) => found !== null);
    send(incoming, outgoing, await (fault ? fault(asked, pass) : pass()));
  };
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add(find, met = () => undefined) {
      faults.push((asked) => {
        const fault = find(asked);
        return fault && counted(fault, met);
      });
    },
    watch: (seen) => void watchers.push(seen),
    calm: () => void faults.splice(0),
    breakConnections: () => server.closeAllConnections(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Counts at once, since who waits for an answer that never comes may wait for longer than the trial lasts. */
const counted =
  (fault: Fault, met: (count: number) => void): Fault =>
  async (request, pass) => {
    met(1);
    let passed: LinkAnswer | undefined;
    const answer = await fault(request, async () => {
      passed = await pass();
      return passed;
    });
    if (answer === passed) met(-1);
    return answer;
  };

const passOn = ({ method, url, headers, body }: LinkRequest): Promise<LinkAnswer> =>
  new Promise((resolve, reject) => {
    const passedOn = request(url, { method, headers: { ...headers, connection: 'close' } }, (answer) => {
      answer.toArray().then((chunks) => {
        const { statusCode = 502 } = answer;
        resolve({ status: statusCode, headers: plain(answer.headers), body: Buffer.concat(chunks) });
      }, reject);
    });
    passedOn.on('error', reject);
    passedOn.end(body);
  });

/** What belongs to one connection does not belong to the next one. */
function plain(headers: IncomingHttpHeaders): Record<string, string> {
  const { connection: _c, 'keep-alive': _k, 'transfer-encoding': _t, ...others } = headers;
  return Object.fromEntries(Object.entries(others).map(([name, value]) => [name, String(value)]));
}

function send(incoming: IncomingMessage, outgoing: ServerResponse, answer: FaultyAnswer): void {
  if (answer === 'reset') return void incoming.socket.destroy();
  if ('cut' in answer) {
    const { status, headers, body } = answer.cut;
    outgoing.writeHead(status, { ...headers, 'content-length': String(body.length) });
    outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => incoming.socket.destroy());
    return;
  }
  const { status, headers, body } = answer;
  // A HEAD and a 304 tell the length of what they do not send.
  const length =
    incoming.method === 'HEAD' || status === 304 ? {} : { 'content-length': String(body.length) };
  outgoing.writeHead(status, { ...headers, ...length });
  outgoing.end(incoming.method === 'HEAD' ? undefined : body);
}

/** An answer with a text of its own. */
export const answering = (status: number, body = '', contentType = 'text/html'): LinkAnswer => ({
  status,
  headers: { 'content-type': contentType },
  body: Buffer.from(body),
});
