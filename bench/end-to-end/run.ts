import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { createBucket } from '@savepoint/adapters/s3/bucket.ts';
import { createS3Client } from '@savepoint/adapters/s3/client.ts';
import { createSqsClient } from '@savepoint/adapters/sqs/client.ts';
import { type EnrichedRow, readEnrichedLibrary } from '@savepoint/core/contracts/enriched-library.ts';
import { prefixes } from '@savepoint/core/topology.ts';
import { embeddedCredentials } from '@savepoint/local/embedded/credentials.ts';
import type { LocalStack } from '@savepoint/local/local-stack.ts';
import { accountOwning } from '@savepoint/simulators/start-simulators.ts';
import type { Measure } from '../bench.ts';
import type { Measured } from '../figure.ts';
import { median, seconds } from '../report.ts';
import { mixed } from '../requests/catalogues.ts';
import { importAll, withSimulators, withStack } from '../waiting/stack-under-load.ts';
import { nameOf, sizes } from './figures.ts';
import { floorOfFiles, floorOfMessages, floorOfQuestions, floorOfRows } from './floors.ts';

const rounds = { quick: 1, full: 3 };

export const measure: Measure = async ({ quick, tell }) => {
  const measured: Record<string, Measured> = {};
  for (const apps of quick ? sizes.slice(0, 2) : sizes) {
    const runs: Awaited<ReturnType<typeof measureOnce>>[] = [];
    for (let round = 1; round <= (quick ? rounds.quick : rounds.full); round++) {
      tell(`${apps.toLocaleString('en')} apps, round ${round}: an import, then the floors of its parts`);
      runs.push(await measureOnce(apps));
    }
    const typical = runs.toSorted((a, b) => a.ratio - b.ratio)[runs.length >> 1]!;
    const parts = Object.entries(typical.floors).map(([part, floor]) => `${part} ${seconds(floor)}`);
    measured[nameOf(apps)] = {
      value: median(runs.map(({ ratio }) => ratio)),
      detail: `${seconds(typical.elapsed)}; ${parts.join(', ')}`,
    };
  }
  return { measured };
};

async function measureOnce(apps: number) {
  const catalogue = mixed(apps);
  const account = accountOwning({ steamId: '76561202255100001' }, catalogue.apps);
  return withSimulators({ catalogue, accounts: [account] }, (simulators, dataDir) =>
    withStack(simulators, dataDir, async (stack) => {
      const elapsed = await importAll(stack, [account.steamId]);
      const asked = [...simulators.requests];
      const floors = { ...(await floorOfQuestions(simulators, asked)), ...(await floorsOfStorage(stack)) };
      const sum = Object.values(floors).reduce((total, floor) => total + floor, 0);
      return { elapsed, floors, ratio: elapsed / sum };
    }),
  );
}

async function floorsOfStorage({ awsEndpointUrl, region, bucket: name, databaseUrl }: LocalStack) {
  const endpoint = { region, endpointUrl: awsEndpointUrl, credentials: embeddedCredentials };
  const s3 = createS3Client(endpoint);
  const sqs = createSqsClient(endpoint);
  const bucket = createBucket(s3, name);
  const files: string[] = [];
  const rows: EnrichedRow[] = [];
  for (const prefix of [prefixes.raw, prefixes.enriched])
    for await (const { key } of bucket.list(prefix)) files.push((await bucket.read(key, 64 * 1024 * 1024))!);
  const [, enriched = ''] = files;
  for await (const part of readEnrichedLibrary(asBytes(enriched))) rows.push(...part.rows);
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'floor' }));
  try {
    return {
      S3: await floorOfFiles(s3, name, files),
      SQS: await floorOfMessages(sqs, QueueUrl),
      COPY: await floorOfRows(databaseUrl, rows),
    };
  } finally {
    s3.destroy();
    sqs.destroy();
  }
}

async function* asBytes(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}
