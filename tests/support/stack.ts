import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { QueueDepth } from '@savepoint/core/operations/stage-queues.ts';
import type { DeadLetter } from '@savepoint/core/contracts/dead-letter.ts';
import type { ImportView } from '@savepoint/core/contracts/import-view.ts';
import { parseVariables } from '@savepoint/functions/runtime/env.ts';
import { localVariables } from '@savepoint/local/local-env.ts';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '@savepoint/local/local-stack.ts';
import pg from 'pg';
import { connectAws } from './aws.ts';
import { createTestDatabase } from './database.ts';

/** Every field that an answer of the API may have; a test looks at those of its route. */
export type AnswerBody = ImportView &
  Record<'code' | 'detail' | 'status_url', string> &
  Record<'moved' | 'matching', number> & {
    imports: ImportView[];
    messages: DeadLetter[];
    queues: QueueDepth[];
  };

/** The whole pipeline on a database of the test's own, with what a test needs to use it from outside. */
export type TestStack = LocalStack & {
  request(
    path: string,
    init?: { method?: string; body?: unknown },
  ): Promise<{ status: number; body: AnswerBody }>;
  /** POSTs an import and waits for its end. */
  importLibrary(steamId: string): Promise<ImportView>;
  /** Waits until the import has ended, or is in the wanted state. */
  waitFor(importId: string, isThere?: (view: ImportView) => boolean): Promise<ImportView>;
  putObject(key: string, body: string | Uint8Array): Promise<void>;
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
};

export const hasEnded = ({ status }: ImportView): boolean => status === 'completed' || status === 'failed';

export async function startTestStack(
  variables: Record<string, string> = {},
  options: Partial<LocalStackOptions> = {},
): Promise<TestStack> {
  const dataDir = mkdtempSync(join(tmpdir(), 'savepoint-test-'));
  const database = await createTestDatabase();
  const env = parseVariables(localVariables, {
    PORT: '0',
    AWS_PORT: '0',
    DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    ...variables,
  });
  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const stack = await startLocalStack({ env, log, durable: false, ...options });
  const { s3, sqs } = connectAws(stack.awsEndpointUrl);
  const pool = new pg.Pool({ connectionString: stack.databaseUrl, max: 2 });
  // A test may cut the connections.
  pool.on('error', () => undefined);
  const request: TestStack['request'] = async (path, { method = 'GET', body } = {}) => {
    const answer = await fetch(new URL(path, stack.apiUrl), {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: answer.status, body: (await answer.json()) as AnswerBody };
  };
  const waitFor: TestStack['waitFor'] = async (importId, isThere = hasEnded) => {
    for (;;) {
      const { status, body } = await request(`/imports/${importId}`);
      if (status === 200 && isThere(body)) return body;
      await delay(100);
    }
  };
  return {
    ...stack,
    request,
    waitFor,
    async importLibrary(steamId) {
      const { body } = await request('/imports', { method: 'POST', body: { steam_id: steamId } });
      return waitFor(body.import_id);
    },
    async putObject(key, body) {
      await s3.send(
        new PutObjectCommand({
          Bucket: stack.bucket,
          Key: key,
          Body: body,
          ContentLength: Buffer.byteLength(body),
        }),
      );
    },
    query: async (text, values) => (await pool.query(text, values)).rows,
    async close() {
      await stack.close();
      await pool.end();
      s3.destroy();
      sqs.destroy();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
