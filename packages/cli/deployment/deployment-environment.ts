import { join } from 'node:path';
import { readEnvFile } from '@savepoint/local/env-file.ts';
import { projectDirectory } from '@savepoint/local/project-directory.ts';

/**
 * The environment that SST gives to `sst.config.ts`: `.env` does not replace what is set, `.env.<stage>` does.
 * @throws ValidationError ENV_FILE_INVALID
 */
export const deploymentEnvironment = (stage: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...readEnvFile(join(projectDirectory(), '.env')),
  ...env,
  ...readEnvFile(join(projectDirectory(), `.env.${stage}`)),
});
