import {
  accountOwning,
  sampleCatalogue,
  startSimulators,
  variablesOf,
} from '@savepoint/simulators/start-simulators.ts';
import { createTestDatabase } from './database.ts';
import { bucket, deployment, startPipelineAws } from './pipeline-aws.ts';

export const people = {
  player: '76561197960287930',
  private: '76561197960287931',
  empty: '76561197960287932',
  unknown: '76561197960287933',
};

/** Steam, IGDB, S3, SQS and PostgreSQL, and the environment that leads the functions to them. */
export async function startFunctionEnvironment() {
  const { apps } = sampleCatalogue();
  // Of every kind: tools and demos come first in the catalogue, games later.
  const owned = [...apps.slice(0, 4), ...apps.filter(({ appid }) => [400, 570, 620].includes(appid))];
  const [aws, database, simulators] = await Promise.all([
    startPipelineAws(),
    createTestDatabase(),
    startSimulators({
      igdbRequestsPerSecond: 1000,
      accounts: [
        accountOwning({ steamId: people.player }, owned),
        { ...accountOwning({ steamId: people.private }, owned), gameDetails: 'private' },
        accountOwning({ steamId: people.empty }, []),
      ],
    }),
  ]);
  const variables = {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'CANARYawssecretkey',
    AWS_ENDPOINT_URL: aws.endpoint,
    S3_BUCKET: bucket,
    DEPLOYMENT: deployment,
    ...variablesOf(simulators).steam,
    ...variablesOf(simulators).igdb,
    DATABASE_URL: database.url,
    API_TOKEN: 'CANARYapitoken',
  };
  return {
    aws,
    database,
    simulators,
    variables,
    games: owned.length,
    async close() {
      await Promise.all([aws.close(), simulators.close(), database.drop()]);
    },
  };
}
export type FunctionEnvironment = Awaited<ReturnType<typeof startFunctionEnvironment>>;

/** Keeps what is printed from now on to itself. @returns what gives the lines back and ends it. */
export function capturePrinted(): () => string {
  const printed: string[] = [];
  const { stdout, stderr } = process;
  const writes = [stdout, stderr].map((stream) => {
    const { write } = stream;
    stream.write = (chunk: Uint8Array | string) => printed.push(String(chunk)) > 0;
    return () => {
      stream.write = write;
    };
  });
  return () => {
    for (const restore of writes) restore();
    return printed.join('');
  };
}
