import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP port of 127.0.0.1 that leads to PostgreSQL; what goes over it can be looked at, and the line be cut. */
export type TappedLine = {
  port: number;
  cut(): void;
  mend(): void;
  /** Sees what clients send before it is sent on; false holds it back for good and breaks the connection. */
  tap(look: ((bytes: Buffer) => boolean) | null): void;
  /** How often clients came or sent something, also while it was cut. */
  asked(): number;
  close(): Promise<void>;
};

export async function startTappedLine(target: { host: string; port: number }): Promise<TappedLine> {
  const sockets = new Set<Socket>();
  let isCut = false;
  let look: ((bytes: Buffer) => boolean) | null = null;
  let asked = 0;
  const server = createServer((client) => {
    asked += 1;
    if (isCut) return void client.destroy();
    const upstream = connect(target.port, target.host);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    upstream.pipe(client);
    client.on('data', (bytes) => {
      asked += 1;
      if (look === null || look(bytes)) upstream.write(bytes);
      else client.destroy();
    });
    return undefined;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      isCut = true;
      breakAll();
    },
    mend: () => {
      isCut = false;
    },
    tap: (next) => {
      look = next;
    },
    asked: () => asked,
    close: async () => {
      breakAll();
      server.close();
      await once(server, 'close');
    },
  };
}
