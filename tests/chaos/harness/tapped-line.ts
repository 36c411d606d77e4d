import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP port of 127.0.0.1 that leads to PostgreSQL; what goes over it can be looked at, and the line be cut. */
export type TappedLine = {
  port: number;
  cut(): void;
  mend(): void;
  /** Sees what clients send before it is sent on. */
  tap(look: Look | null): void;
  /** Told whenever a client comes or sends something, also while the line is cut. @returns ends that. */
  watch(asked: () => void): () => void;
  close(): Promise<void>;
};

/** False holds what was sent back for good and breaks the connection; `held` leaves whoever sent it waiting. */
export type Look = (bytes: Buffer) => boolean | 'held';

export async function startTappedLine(target: { host: string; port: number }): Promise<TappedLine> {
  const sockets = new Set<Socket>();
  let isCut = false;
  let look: Look | null = null;
  const watchers = new Set<() => void>();
  const tellWatchers = () => {
    for (const asked of watchers) asked();
  };
  const server = createServer((client) => {
    tellWatchers();
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
      tellWatchers();
      const seen = look === null || look(bytes);
      if (seen === true) upstream.write(bytes);
      else if (seen === false) client.destroy();
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
    watch: (asked) => {
      watchers.add(asked);
      return () => void watchers.delete(asked);
    },
    close: async () => {
      breakAll();
      server.close();
      await once(server, 'close');
    },
  };
}
