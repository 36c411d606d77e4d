import { stages } from '@savepoint/core/topology.ts';
import { peak } from './simulate.ts';

/** Limits that grow in proportion to the imports, each by itself: enrichment, which does not, is simulated. */

const secondsPerDay = 86_400;
/** Per second in the busiest hour, as imports a day. */
const perDay = (perSecond: number): number => (perSecond * secondsPerDay) / peak;

/** Steam's limit of a key and day; an import of a SteamID64 is one call, one of a vanity name two. */
const steamCallsPerDay = 100_000;
/** A call of Steam, a file and two writes of the status; assumed. */
const steamImportSeconds = 0.6;
/** Of a library of 240 apps, most of which are known, six round trips of 1 ms included: `npm run bench -- lock`. */
const lockSeconds = 0.035;
/** With the file fetched and parsed, and the status written. */
const loadSeconds = 0.3;
/** S3, for a prefix; `status/` is written six times an import. */
const s3WritesPerSecond = 3500;
const statusWrites = 6;
/** Lambda, for an account and region. What an import occupies: its stages, and eleven calls of the API at 0.1 s. */
const invocationsAtOnce = 1000;
const importSeconds = steamImportSeconds + 2 + loadSeconds + 11 * 0.1;

export type Limit = { name: string; importsPerDay: number };

export const steamKey: Limit = { name: 'Steam’s calls of a key', importsPerDay: steamCallsPerDay };
export const steamImport: Limit = {
  name: 'steam-import at once',
  importsPerDay: perDay(stages['steam-import'].maximumConcurrency / steamImportSeconds),
};
export const loadsAtOnce: Limit = {
  name: 'database-import at once',
  importsPerDay: perDay(stages['database-import'].maximumConcurrency / loadSeconds),
};
export const loadLock: Limit = { name: 'one load at a time', importsPerDay: perDay(1 / lockSeconds) };
export const s3Prefix: Limit = {
  name: 'S3 below status/',
  importsPerDay: perDay(s3WritesPerSecond / statusWrites),
};
export const lambda: Limit = {
  name: 'Lambda of an account',
  importsPerDay: perDay(invocationsAtOnce / importSeconds),
};
export const limits: readonly Limit[] = [steamKey, steamImport, loadsAtOnce, loadLock, lambda, s3Prefix];
