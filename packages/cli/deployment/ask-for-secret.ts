import { randomBytes } from 'node:crypto';
import { type SecretDescription, type SecretName, secrets } from '@savepoint/core/secrets.ts';
import { secretFault } from '@savepoint/core/secret-values.ts';

/** Of each secret, as people know it. */
const hints: Record<SecretName, string> = {
  steamApiKey: 'of https://steamcommunity.com/dev/apikey',
  igdbCredentials: 'of https://dev.twitch.tv/console/apps',
  databaseUrl: 'postgresql://user:password@host:5432/database',
  apiToken: 'nothing makes a new one',
  webhookKey: 'nothing makes a new one',
  otlpHeaders: 'api-key=…',
};
/** What we may think of ourselves, because nobody else has to know it already. */
const made: Partial<Record<SecretName, () => string>> = {
  apiToken: () => randomBytes(32).toString('hex'),
  webhookKey: () => `whsec_${randomBytes(32).toString('base64')}`,
};

/** A terminal: where the answer comes from, and where the question goes. */
type Terminal = { input: NodeJS.ReadableStream; output: NodeJS.WritableStream };
const ownTerminal: Terminal = { input: process.stdin, output: process.stderr };

/** Asks in the terminal until the answer has the right form; nothing of it is shown. */
export async function askForSecret(name: SecretName, terminal = ownTerminal): Promise<string> {
  const { variables, name: shown }: SecretDescription = secrets[name];
  if (typeof variables === 'string') {
    const value = await ask(`${shown} (${hints[name]}):`, (text) => faultUnlessMade(name, text), terminal);
    return value === '' && made[name] ? made[name]() : value;
  }
  const properties: Record<string, string> = {};
  for (const property of Object.keys(variables)) {
    properties[property] = await ask(
      `${shown}, ${property} (${hints[name]}):`,
      (text) => (/^\S+$/.test(text) ? null : 'must not be empty or hold blanks'),
      terminal,
    );
  }
  return JSON.stringify(properties);
}

const faultUnlessMade = (name: SecretName, text: string) =>
  text === '' && made[name] ? null : secretFault(name, text);

async function ask(
  message: string,
  faultOf: (text: string) => string | null,
  terminal: Terminal,
): Promise<string> {
  const { password } = await import('@inquirer/prompts');
  const answer = await password(
    {
      message,
      mask: false,
      validate: (text) => {
        const fault = faultOf(text.trim());
        return fault === null || `It ${fault}.`;
      },
    },
    terminal,
  );
  return answer.trim();
}
