import { setTimeout as delay } from 'node:timers/promises';
import type { SteamAccount } from './steam-accounts.ts';
import type { ApiName, Fault } from './traffic.ts';

/** What goes wrong for as long as nobody ends it, as faults of a real service do. */
export const troubles = {
  'steam-down': { api: 'steam', status: 503 },
  'steam-slow': { api: 'steam', delayMs: 5000 },
  'igdb-429': { api: 'igdb', status: 429, body: '{"message":"Too Many Requests"}' },
  'igdb-down': { api: 'igdb', status: 503 },
  'private-profile': null,
} as const satisfies Record<string, StandingFault | null>;

export type TroubleName = keyof typeof troubles;

type StandingFault = Pick<Fault, 'status' | 'body'> & {
  api: ApiName;
  /** Answered as ever, so much later. */
  delayMs?: number;
};

export type Trouble = {
  /** In place of what was wrong before; null mends everything. */
  begin(name: TroubleName | null): void;
  /** @returns what a request gets in place of an answer. */
  faultOf(api: ApiName): Promise<Fault | undefined>;
};

/** @param accounts all of them hide their games while profiles are private. */
export function createTrouble(accounts: Map<string, SteamAccount>): Trouble {
  let name: TroubleName | null = null;
  let open: SteamAccount[] = [];
  return {
    begin(next) {
      for (const account of open) accounts.set(account.steamId, account);
      open = next === 'private-profile' ? [...accounts.values()] : [];
      for (const account of open) accounts.set(account.steamId, { ...account, gameDetails: 'private' });
      name = next;
    },
    async faultOf(api) {
      const fault: StandingFault | null = name === null ? null : troubles[name];
      if (fault?.api !== api) return undefined;
      if (fault.delayMs === undefined) return fault;
      await delay(fault.delayMs);
      return undefined;
    },
  };
}
