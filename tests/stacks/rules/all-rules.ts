import { apiRules } from './api-rules.ts';
import { bucketRules } from './bucket-rules.ts';
import { deploymentRules } from './deployment-rules.ts';
import { functionRules } from './function-rules.ts';
import { permissionRules } from './permission-rules.ts';
import { queueRules } from './queue-rules.ts';

/** Every demand on the deployment. */
export const rules = [
  ...queueRules,
  ...bucketRules,
  ...functionRules,
  ...permissionRules,
  ...apiRules,
  ...deploymentRules,
];
