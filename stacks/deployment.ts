import type { AlarmSink } from './alarms.ts';
import type { Secrets } from './secrets.ts';
import type { Settings } from '../packages/core/deployment/settings.ts';

/** What every part of one deployment shares. */
export type Deployment = {
  /** `savepoint-production`: the first part of every name. */
  name: string;
  settings: Settings;
  bucket: sst.aws.Bucket;
  secrets: Secrets;
  alarms: AlarmSink;
};

/** `steam-import` as SST wants a component called: `SteamImport`. */
export const componentName = (name: string): string =>
  name.replace(/(^|-)([a-z])/g, (_match, _dash, letter: string) => letter.toUpperCase());
