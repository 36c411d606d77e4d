import {
  createIgdbClient,
  type IgdbClient,
  type IgdbClientOptions,
} from '@savepoint/adapters/igdb/igdb-client.ts';
import type { StoredToken, TokenStore } from '@savepoint/adapters/igdb/token-store.ts';
import {
  type SimulatorOptions,
  type Simulators,
  startSimulators,
} from '@savepoint/simulators/start-simulators.ts';

export type MemoryTokenStore = TokenStore & { token: StoredToken | null; reads: number; writes: number };

export function createMemoryTokenStore(token: StoredToken | null = null): MemoryTokenStore {
  return {
    token,
    reads: 0,
    writes: 0,
    async read() {
      this.reads += 1;
      return this.token;
    },
    async write(written) {
      this.writes += 1;
      this.token = written;
    },
  };
}

/** So fast that a test need not wait, on both sides. */
export const fast = {
  instances: 1,
  limits: { requestsPerSecond: 1000, openRequests: 8 },
  retries: { attempts: 5, baseSeconds: 0.01, maxSeconds: 0.02 },
};

export const clientOf = (simulators: Simulators, options: Partial<IgdbClientOptions> = {}): IgdbClient =>
  createIgdbClient({
    apiUrl: simulators.igdbApiUrl,
    tokenUrl: simulators.igdbTokenUrl,
    credentials: async () => ({
      clientId: simulators.igdbClientId,
      clientSecret: simulators.igdbClientSecret,
    }),
    tokenStore: createMemoryTokenStore(),
    ...fast,
    ...options,
  });

export async function withIgdb(
  use: (simulators: Simulators) => Promise<void>,
  options: SimulatorOptions = {},
): Promise<void> {
  const simulators = await startSimulators({ igdbRequestsPerSecond: 1000, ...options });
  try {
    await use(simulators);
  } finally {
    await simulators.close();
  }
}

/** What came to IGDB itself. */
export const igdbRequests = ({ requests }: Simulators) => requests.filter(({ api }) => api === 'igdb');
export const tokenRequests = ({ requests }: Simulators) => requests.filter(({ api }) => api === 'twitch');
