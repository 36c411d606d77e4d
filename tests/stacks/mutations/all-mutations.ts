import { bucketMutations } from './bucket-mutations.ts';
import { deploymentMutations } from './deployment-mutations.ts';
import { functionMutations } from './function-mutations.ts';
import { queueMutations } from './queue-mutations.ts';

/** Every mistake that a rule must notice. */
export const mutations = [
  ...queueMutations,
  ...bucketMutations,
  ...functionMutations,
  ...deploymentMutations,
];
