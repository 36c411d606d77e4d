import { readLibraryReport } from '@savepoint/adapters/postgres/library-report.ts';
import { explainToOperator, PipelineError } from '@savepoint/core/errors.ts';
import { firstToken } from '@savepoint/core/api-tokens.ts';
import { createApiClient } from './api-client.ts';
import { prose, widthOf } from './terminal/show.ts';
import { followImport } from './story/follow-import.ts';
import { summarise } from './story/summarise-library.ts';
import { ignoreAwsSettings } from '@savepoint/local/ambient-settings.ts';
import { type LocalEnv, readLocalEnv } from '@savepoint/local/local-env.ts';
import { type LocalStack, startLocalStack } from '@savepoint/local/local-stack.ts';
import { outputEnded, outputEnds } from '@savepoint/local/output.ts';
import { tellSlowSteps } from '@savepoint/local/slow-steps.ts';
import { makeThrowAwayDirectory } from '@savepoint/local/throw-away-directory.ts';
import { simulatedApis } from '@savepoint/local/simulated-apis.ts';
import { sampleAccounts } from '@savepoint/simulators/start-simulators.ts';
import { createTerminalLog } from '@savepoint/local/terminal-log.ts';

/**
 * `npm run demo [-- <steam id, vanity name or profile address>] [--open]`: one library, from the HTTP endpoint to rows;
 * with `--open` the browser then shows it, until Ctrl-C.
 */

/** A failure that the person at the terminal should read as one sentence. */
class DemoFailure extends Error {}

const print = (text: string) => process.stdout.write(`${text}\n`);

async function demo({ typed, opens }: { typed: string | undefined; opens: boolean }): Promise<void> {
  const outputLost = outputEnds();
  const env = readLocalEnv();
  if (env.AWS_ENDPOINT_URL === undefined) ignoreAwsSettings();
  const wanted = typed ?? sampleOf(env);
  print(prose(introduction(env, wanted), widthOf(process.stdout)));
  const directory = makeThrowAwayDirectory('savepoint-demo');
  const startedAt = performance.now();
  // What goes wrong shows in the import's status; the log would only disturb the view.
  const log = createTerminalLog(env.LOG_LEVEL === 'DEBUG' ? 'DEBUG' : 'SILENT', print);
  const steps = tellSlowSteps();
  const starting = startLocalStack({
    // Whoever is told of imports is not told of a sample.
    env: { ...env, PORT: 0, AWS_PORT: 0, DATA_DIR: directory.dataDir, COMPLETION_WEBHOOK_URL: undefined },
    log,
    durable: false,
    onStep: steps.begin,
  }).finally(steps.end);
  const work = async () => {
    const stack = await starting;
    const steamId = await importLibrary(stack, env, wanted, (performance.now() - startedAt) / 1000);
    if (opens) await showInBrowser(`${stack.apiUrl}/console/libraries/${steamId}`);
  };
  try {
    await Promise.race([work(), interrupted(), unreadable(outputLost)]);
  } finally {
    const stack = await starting.catch(() => undefined);
    await stack?.close();
    directory.remove();
  }
}

/** After the first Ctrl-C everything is still stopped in good order; a second one ends the process at once. */
const interrupted = () =>
  new Promise<never>((_resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => reject(new DemoFailure('Interrupted.')));
  });

async function unreadable(outputLost: Promise<string>): Promise<never> {
  throw new DemoFailure(outputEnded(await outputLost));
}

async function importLibrary(
  stack: LocalStack,
  env: LocalEnv,
  wanted: string,
  stackSeconds: number,
): Promise<string> {
  const token = firstToken(env.API_TOKEN);
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const requestedAt = performance.now();
  const answer = await fetch(`${stack.apiUrl}/imports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ steam_id: wanted }),
  });
  const body = (await answer.json()) as {
    status_url: string;
    import_id: string;
    steam_id: string;
    detail?: string;
  };
  if (!answer.ok) throw new DemoFailure(body.detail ?? `The endpoint answered HTTP ${answer.status}.`);
  print(`POST /imports → import ${body.import_id}\n`);
  const api = createApiClient(async () => ({ url: stack.apiUrl, headers }));
  const view = await followImport((signal) => api.readImport(body.import_id, signal), {
    importId: body.import_id,
    out: process.stdout,
    pollMs: 100,
  });
  const importSeconds = (performance.now() - requestedAt) / 1000;
  const failure = view.stages.find((stage) => stage.status === 'failed');
  if (failure)
    throw new DemoFailure(`${failure.name} failed: ${failure.error?.message ?? 'no reason was given.'}`);
  const report = await readLibraryReport(stack.databaseUrl, body.steam_id, 10);
  print(summarise(view, report, { stackSeconds, importSeconds }, widthOf(process.stdout)));
  return body.steam_id;
}

/** Never resolves: Ctrl-C ends it. Where no browser is, the address has to do. */
async function showInBrowser(address: string): Promise<never> {
  print(`\nThe library in the console: ${address}\nCtrl-C ends the demo, and nothing of it is kept.`);
  if (process.stdout.isTTY) await (await import('open')).default(address).catch(() => undefined);
  return new Promise(() => undefined);
}

function sampleOf(env: LocalEnv): string {
  if (simulatedApis(env).steam) return sampleAccounts.middling.vanityName;
  throw new DemoFailure(
    'STEAM_API_KEY is set, so this would ask the real Steam: say whose library, as in npm run demo -- https://steamcommunity.com/id/<name>.',
  );
}

function introduction(env: LocalEnv, wanted: string): string {
  const { steam, igdb } = simulatedApis(env);
  if (steam && igdb)
    return `No keys are set in .env, so Steam and IGDB are simulated: this is sample data, for “${wanted}”.`;
  if (!steam && !igdb) return `Importing the real library of “${wanted}”.`;
  return steam
    ? `STEAM_API_KEY is not set, so Steam is simulated with sample data for “${wanted}”; IGDB is the real one.`
    : `Importing the real library of “${wanted}”. The IGDB keys are not set, so IGDB is simulated and knows few games.`;
}

function explain(error: unknown): string {
  if (error instanceof PipelineError) return explainToOperator(error);
  return error instanceof DemoFailure ? error.message : `The demo failed: ${String(error)}`;
}

try {
  const words = process.argv.slice(2);
  await demo({ typed: words.find((word) => word !== '--open'), opens: words.includes('--open') });
} catch (error) {
  process.stderr.write(`\n${prose(explain(error), widthOf(process.stderr))}\n`);
  process.exit(1);
}
