import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

/** How a server may fail whoever asks it. */
export const misbehaviours = [
  'stall before headers',
  'stall after headers',
  'drip',
  'endless',
  'endless when unpacked',
  'reset',
] as const;
export type Misbehaviour = (typeof misbehaviours)[number];

export type MisbehavingServer = {
  /** Asked for a path below it, it does what the query says: `?how=drip`; without one, what `how` says. */
  url: string;
  how: Misbehaviour;
  requests(): number;
  /** Resolves when nobody is connected any more. */
  left(): Promise<void>;
  close(): Promise<void>;
};

const headers = (...more: string[]) =>
  ['HTTP/1.1 200 OK', 'Content-Type: application/json', ...more, '', ''].join('\r\n');
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));

/** On a plain socket, so that it can do what no HTTP server would. */
export async function startMisbehavingServer(how: Misbehaviour): Promise<MisbehavingServer> {
  const sockets = new Set<Socket>();
  let requests = 0;
  let nobody = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      if (sockets.size > 0) return;
      nobody.resolve();
      nobody = Promise.withResolvers();
    });
    socket.once('data', (request) => {
      requests += 1;
      const asked = /[?&]how=([^ &]*)/.exec(request.toString())?.[1]?.replaceAll('+', ' ');
      misbehave(socket, (asked as Misbehaviour | undefined) ?? misbehaving.how);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const misbehaving: MisbehavingServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    how,
    requests: () => requests,
    left: () => (sockets.size === 0 ? Promise.resolve() : nobody.promise),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return misbehaving;
}

function misbehave(socket: Socket, how: Misbehaviour): void {
  const pour = (piece: Buffer | string) => {
    const write = () => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on('drain', write);
    write();
  };
  switch (how) {
    case 'stall before headers':
      return;
    case 'stall after headers':
      socket.write(`${headers('Content-Length: 100000')}{`);
      return;
    case 'drip': {
      socket.write(headers('Content-Length: 100000'));
      const dripping = setInterval(() => socket.write(' '), 20);
      socket.on('close', () => clearInterval(dripping));
      return;
    }
    case 'endless':
      socket.write(headers('Connection: close'));
      pour(Buffer.alloc(64 * 1024, ' '));
      return;
    case 'endless when unpacked':
      socket.write(headers('Connection: close', 'Content-Encoding: gzip'));
      pour(bomb);
      return;
    case 'reset':
      socket.write(`${headers('Content-Length: 100000')}{`);
      setTimeout(() => socket.resetAndDestroy(), 20);
  }
}
