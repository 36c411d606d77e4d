import type { Reconciliation } from '@savepoint/core/operations/reconcile.ts';
import { handler as migrate } from '@savepoint/functions/migrate.ts';
import { handler as reconcile } from '@savepoint/functions/reconcile.ts';
import { createTestDatabase } from '../support/database.ts';
import { bucket, deployment, startPipelineAws } from '../support/pipeline-aws.ts';

/** The functions that are not stages, as Lambda calls them. */

beforeAll(() => {
  process.env.LOG_LEVEL = 'SILENT';
});

test('migrate answers what it applied, and nothing the second time', async () => {
  const database = await createTestDatabase();
  try {
    process.env.DATABASE_URL = database.url;
    const { applied } = (await migrate({})) as { applied: string[] };
    expect(applied.length).toBeGreaterThan(0);
    expect(applied).toContain('0001-libraries');
    expect(await migrate({})).toEqual({ applied: [] });
  } finally {
    delete process.env.DATABASE_URL;
    await database.drop();
  }
});

test('reconcile looks at the bucket and leaves alone what is young', async () => {
  const aws = await startPipelineAws();
  try {
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      S3_BUCKET: bucket,
      DEPLOYMENT: deployment,
    });
    await aws.put('raw/steam-library-76561197960287930-2026-11-23.csv', 'appid\n220\n');
    const found = (await reconcile({})) as Reconciliation;
    expect(found).toEqual({
      queued: [],
      postponed: [],
      strays: [],
      more: false,
      indexed: 1,
      healed: [],
      asked_again: { asked: [], dropped: [], more: false },
    });
  } finally {
    await aws.close();
  }
});
