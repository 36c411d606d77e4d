import { text } from 'node:stream/consumers';
import { type SecretName, secretNames, secrets } from '@savepoint/core/secrets.ts';
import { type Command, InvalidArgumentError } from 'commander';
import { examples } from '../arguments.ts';
import { askForSecret } from '../deployment/ask-for-secret.ts';
import { checkSecrets } from '../deployment/check-secrets.ts';
import { setSecret } from '../deployment/set-secret.ts';
import { CommandFailure, exitCodes } from '../failure.ts';
import { findPlace } from '../find-deployment.ts';
import { globalOptions } from '../global-options.ts';
import { print, show } from '../terminal/show.ts';
import { table } from '../terminal/table.ts';
import { waitFor } from '../terminal/waiting.ts';

export function addSecrets(program: Command): void {
  const group = program
    .command('secrets')
    .description("a deployment's keys and addresses, in AWS Secrets Manager")
    .addHelpText('after', examples('secrets set --stage dev', 'secrets list --stage dev'));
  group
    .command('set')
    .description(
      'ask for them without showing them, check their form, and store them; or read one from stdin',
    )
    .argument(
      '[name]',
      `one alone: ${secretNames.map((name) => secrets[name].name).join(', ')}`,
      readSecretName,
    )
    .addHelpText(
      'after',
      `${examples('secrets set --stage dev', 'secrets set api-token --stage dev')}
  $ openssl rand -hex 32 | npx savepoint secrets set api-token --stage dev`,
    )
    .action(async (name: SecretName | undefined, _options: unknown, command: Command) => {
      const place = findPlace(globalOptions(command).stage, process.env);
      if (process.stdin.isTTY) {
        for (const each of name ? [name] : required)
          for (const line of await setSecret(place, each, await askForSecret(each))) print(line);
        return;
      }
      if (name === undefined)
        throw new CommandFailure(
          exitCodes.usage,
          'There is no terminal to ask on: name one secret, and give its value on stdin.',
        );
      for (const line of await setSecret(place, name, await text(process.stdin))) print(line);
    });
  group
    .command('list')
    .description('say which are filled, empty or malformed, and never what they hold')
    .addHelpText('after', examples('secrets list --stage dev'))
    .action(async (_options: unknown, command: Command) => {
      const place = findPlace(globalOptions(command).stage, process.env);
      const found = await waitFor('Secrets Manager', checkSecrets(place));
      const rows = found.map(({ id, state, says }) => ({ secret: id, state, says }));
      show(command, { secrets: rows }, (width) =>
        table(
          ['secret', 'state', { head: '', shortensTo: 20 }],
          rows.map(({ secret, state, says }) => [secret, state, says]),
          width,
        ),
      );
    });
}

const required = secretNames.filter((name) => secrets[name].required);

function readSecretName(text: string): SecretName {
  const found = secretNames.find((name) => secrets[name].name === text);
  if (found) return found;
  throw new InvalidArgumentError(
    `The secrets are ${secretNames.map((name) => secrets[name].name).join(', ')}.`,
  );
}
