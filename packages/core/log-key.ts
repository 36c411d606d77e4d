import type { FunctionName } from './secrets.ts';
import { prefixes } from './topology.ts';

/** Holds the key by which logs name people. It belongs to the deployment: made by whoever needs it first, and kept. */
export const logKeyObject = `${prefixes.state}log-key.json`;

const namesNobody: readonly FunctionName[] = ['authorizer', 'migrate', 'igdb-search'];

/** Whether a function's log speaks of people, so that it needs the key. */
export const namesPeople = (name: FunctionName): boolean => !namesNobody.includes(name);
