import { createHmac } from 'node:crypto';

/**
 * What a person is called in logs. Without the deployment's key nobody can tell who it is: there are so few SteamIDs
 * that hashes without a key could all be made within hours.
 */
export const personHash = (key: string, steamId: string): string =>
  createHmac('sha256', key).update(steamId).digest('hex').slice(0, 12);
