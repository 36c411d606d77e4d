import type { NamedFault } from '../harness/named-fault.ts';
import { deliveryFaults } from './delivery.ts';
import { lambdaFaults } from './lambda.ts';
import { postgresFaults } from './postgres.ts';
import { recoveryFaults } from './recovery.ts';
import { storageFaults } from './storage.ts';
import { upstreamFaults } from './upstream.ts';
import { workerFaults } from './worker.ts';

export const calm: NamedFault = {
  name: 'none',
  area: 'recovery',
  seconds: 0,
  meetsNothing: true,
  begin: () => undefined,
};

/** Every fault by its name, and none at all. */
export const allFaults: readonly NamedFault[] = [
  calm,
  ...deliveryFaults,
  ...workerFaults,
  ...recoveryFaults,
  ...lambdaFaults,
  ...postgresFaults,
  ...storageFaults,
  ...upstreamFaults,
];

/** @throws RangeError for a name that is none. */
export function faultOf(name: string): NamedFault {
  const fault = allFaults.find((one) => one.name === name);
  if (!fault)
    throw new RangeError(
      `There is no fault ${name}; there are ${allFaults.map((one) => one.name).join(', ')}.`,
    );
  return fault;
}
