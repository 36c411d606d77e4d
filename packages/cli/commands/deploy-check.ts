import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import { checkDeployment } from '../deployment/check-deployment.ts';
import { deploymentEnvironment } from '../deployment/deployment-environment.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { globalOptions } from '../global-options.ts';
import { prose, show } from '../terminal/show.ts';
import { waitFor } from '../terminal/waiting.ts';

export const addDeployCheck = (program: Command): Command =>
  program
    .command('deploy:check')
    .description(
      'check account, region, settings, secrets and schema of a deployment, and name the next command',
    )
    .addHelpText('after', examples('deploy:check --stage dev'))
    .action(async (_options: unknown, command: Command) => {
      const { stage } = globalOptions(command);
      if (stage === undefined)
        throw new CommandFailure(exitCodes.usage, 'Name the deployment with --stage <name>.');
      // SST takes credentials and their profile from these files, too.
      Object.assign(process.env, deploymentEnvironment(stage, process.env));
      const { checks, next } = await waitFor('AWS', checkDeployment(stage, process.env));
      show(command, { checks, next }, (width) =>
        [
          ...checks.map(({ what, state, says }) =>
            prose(`${state.padEnd(8)}${what}: ${says}`, width, '        '),
          ),
          '',
          `Next: ${next}`,
        ].join('\n'),
      );
      if (checks.some(({ state }) => state === 'fault')) process.exitCode = exitCodes.failed;
    });
