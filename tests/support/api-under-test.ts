import { createApi } from '@savepoint/functions/api.ts';
import type { SignIn } from '@savepoint/core/contracts/console-config.ts';
import { readTokens } from '@savepoint/core/api-tokens.ts';
import { readEnv } from '@savepoint/functions/runtime/env.ts';
import { serveOnLoopback } from '@savepoint/local/http-server.ts';
import { startSimulators } from '@savepoint/simulators/start-simulators.ts';
import { bucket, deployment, startPipelineAws } from './pipeline-aws.ts';
import { createRecordingLog } from './recording-log.ts';
import { createLocalConsole } from '@savepoint/local/console.ts';

export type ApiAnswer = { status: number; headers: Headers; body: Record<string, unknown> };

/** What the AWS SDK takes from the environment, and every function with it. */
export const awsCredentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'CANARYawssecretkey' };

/** The HTTP API over real HTTP, with S3, SQS and a simulated Steam behind it. */
export async function startTestApi(
  tokens: readonly string[] | null = null,
  /** Who signs people in to the console. */
  signIn: SignIn | null = null,
) {
  Object.assign(process.env, awsCredentials);
  const [aws, simulators] = await Promise.all([startPipelineAws(), startSimulators()]);
  const variables = {
    AWS_ENDPOINT_URL: aws.endpoint,
    S3_BUCKET: bucket,
    DEPLOYMENT: deployment,
    STEAM_API_URL: simulators.steamApiUrl,
    STEAM_API_KEY: simulators.steamApiKey,
  };
  const log = createRecordingLog();
  const console = createLocalConsole({ drawsCovers: true });
  const server = await serveOnLoopback(
    createApi(readEnv(variables, []), log, {
      tokens: tokens && readTokens(tokens.join()),
      console: { ...console, config: { ...console.config, sign_in: signIn } },
      told: { simulatesSteam: false, igdb: 'real', notices: [] },
    }),
    0,
  );
  return {
    aws,
    simulators,
    log,
    url: server.url,
    async call(path: string, init: RequestInit = {}): Promise<ApiAnswer> {
      const answer = await fetch(server.url + path, init);
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, body: text === '' ? {} : JSON.parse(text) };
    },
    async close() {
      await server.close();
      await Promise.all([aws.close(), simulators.close()]);
    },
  };
}
export type TestApi = Awaited<ReturnType<typeof startTestApi>>;

export const jsonPost = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
