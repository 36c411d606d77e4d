export type IgdbLimits = { requestsPerSecond: number; openRequests: number };

/** IGDB's two limits for each Client-ID, over all machines: accepted requests in any second, and requests open at once. */
export type LimitGate = {
  /** A function to call when the request is done, or undefined when it has to be refused. */
  enter(clientId: string): (() => void) | undefined;
};

const windowMs = 1000;

/** `nowMs` is any clock that never goes back. */
export function createLimitGate(
  { requestsPerSecond, openRequests }: IgdbLimits,
  nowMs: () => number = () => performance.now(),
): LimitGate {
  const clients = new Map<string, { open: number; accepted: number[] }>();
  return {
    enter(clientId) {
      const client = clients.get(clientId) ?? { open: 0, accepted: [] };
      clients.set(clientId, client);
      const now = nowMs();
      client.accepted = client.accepted.filter((time) => now - time < windowMs);
      if (client.accepted.length >= requestsPerSecond || client.open >= openRequests) return undefined;
      client.accepted.push(now);
      client.open += 1;
      return () => {
        client.open -= 1;
      };
    },
  };
}
