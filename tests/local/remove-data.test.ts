import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeData } from '@savepoint/local/remove-data.ts';
import { writeStackFile } from '@savepoint/local/stack-file.ts';

let dataDir: string;
let asked: number;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'savepoint-test-'));
  asked = 0;
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const remove = () =>
  removeData(dataDir, async () => {
    asked += 1;
  });

test('where a stack has left nothing nobody is asked, and what is there stays', async () => {
  writeFileSync(join(dataDir, 'mine.txt'), '');
  expect([await remove(), asked, readdirSync(dataDir)]).toEqual([false, 0, ['mine.txt']]);
});

test('what a stack has left goes, and nothing else', async () => {
  writeFileSync(join(dataDir, 'mine.txt'), '');
  writeFileSync(join(dataDir, 'log.jsonl'), '');
  mkdirSync(join(dataDir, 'aws'));
  expect([await remove(), asked, readdirSync(dataDir)]).toEqual([true, 1, ['mine.txt']]);
});

test('a stack whose storage is elsewhere is told to be running, and keeps its file', async () => {
  writeStackFile(dataDir, {
    pid: process.pid,
    api_url: 'http://127.0.0.1:3000',
    aws_endpoint_url: 'http://127.0.0.1:4566',
    aws_is_embedded: false,
    aws_region: 'eu-central-1',
    s3_bucket: 'library',
    database_url: 'postgresql://localhost/library',
  });
  await expect(remove()).rejects.toMatchObject({
    code: 'DATA_DIR_IN_USE',
    message: expect.stringContaining(`kill ${process.pid}, and run reset again`),
  });
  expect([asked, readdirSync(dataDir)]).toEqual([0, ['stack.json']]);
});
