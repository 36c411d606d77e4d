import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import type { ImportView } from '@savepoint/core/contracts/import-view.ts';
import { libraryKeyOf, printLibraryKey } from '@savepoint/core/contracts/library-key.ts';
import { secretId } from '@savepoint/core/secrets.ts';
import { isStageName } from '@savepoint/core/topology.ts';
import { sampleAccounts } from '@savepoint/simulators/start-simulators.ts';
import type { Command } from 'commander';
import { createProgram } from '@savepoint/cli/program.ts';
import { connectAws } from '../support/aws.ts';
import { startCloudEndpoint } from '../../tools/rehearsal/cloud-endpoint.ts';
import { withDirectory } from '../support/directory.ts';
import { type OperatedStack, startOperatedStack } from '../support/operated-stack.ts';
import { runSavepoint } from './run-savepoint.ts';

let stack: OperatedStack;
let receiver: Awaited<ReturnType<typeof startNoticeReceiver>>;
beforeAll(async () => {
  receiver = await startNoticeReceiver();
  stack = await startOperatedStack({
    COMPLETION_WEBHOOK_URL: receiver.url,
    COMPLETION_WEBHOOK_KEY: 'c2VjcmV0IG9mIHRoZSB0ZXN0cw==',
  });
});
afterAll(() => Promise.all([stack.close(), receiver.close()]));

const person = sampleAccounts.private.steamId;
const importId = `${person}-2026-11-23`;

async function startNoticeReceiver() {
  const heard: unknown[] = [];
  const server = createServer(async (request, response) => {
    heard.push(JSON.parse((await request.toArray()).join('')));
    response.end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, heard, close: async () => void server.close() };
}

/** A library of one game, dropped as a file, once it is in the database. */
async function dropLibrary(id: string): Promise<ImportView> {
  await stack.putObject(printLibraryKey(libraryKeyOf('raw', id)), 'appid,name\n220,Half-Life 2\n');
  return stack.waitFor(id);
}

/** Whether these stages began and ended once more. */
const ranAgain = (before: ImportView, after: ImportView, stages: number[]): boolean =>
  after.status === 'completed' &&
  stages.every((index) => after.stages[index]!.started_at! > before.stages[index]!.started_at!);

test('import --wait follows the import to its end', async () => {
  const { exitCode, stdout, stderr } = await stack.run(
    'import',
    sampleAccounts.middling.vanityName,
    '--wait',
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/steam-import +180 apps fetched from Steam/);
  expect(stdout).toMatch(/database-import +145 games stored, 35 rows skipped/);
  expect(stdout).toContain('Stored 145 games');
  // No terminal, no colours.
  expect(stdout).not.toContain('\u001b');
});

test('import --wait --json keeps stdout for the JSON', async () => {
  const { exitCode, stdout, stderr } = await stack.run(
    'import',
    sampleAccounts.empty.steamId,
    '--wait',
    '--json',
  );
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ status: 'failed', steam_id: sampleAccounts.empty.steamId });
  expect(stderr).toContain('STEAM_LIBRARY_EMPTY');
});

test('the webhook of the environment hears of the ends', () => {
  expect(receiver.heard).toContainEqual(
    expect.objectContaining({ type: 'import.completed', steam_id: sampleAccounts.middling.steamId }),
  );
});

test('Ctrl-C ends the following and not the import, which status follows to its end', async () => {
  const following = stack.start('import', sampleAccounts.thousand.steamId, '--wait');
  await following.printed(/steam-import/);
  following.process.kill('SIGINT');
  expect(await following.ended).toBe(130);
  const [, goOn = ''] = /Follow it with: npx savepoint (status \S+ --wait)/.exec(following.output()) ?? [];
  const { exitCode, stdout } = await stack.run(...goOn.split(' '));
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/database-import .*stored[\s\S]*Stored \d+ games/);
});

test('status without an import tells of the newest, of all or of a person', async () => {
  const newest = await stack.read<ImportView>('status');
  const { imports } = await stack.read<{ imports: ImportView[] }>('imports', '--max', '1');
  expect(newest).toEqual(imports[0]);
  const ofEmpty = await stack.read<ImportView>('status', sampleAccounts.empty.steamId);
  expect(ofEmpty).toMatchObject({ steam_id: sampleAccounts.empty.steamId, status: 'failed' });
  // A failed import ends a --wait as the import itself would have.
  expect((await stack.run('status', ofEmpty.import_id, '--wait')).exitCode).toBe(1);
});

test('dead letters are counted by cause, and moved by it over all stages', async () => {
  expect(await stack.read('dlq', 'causes')).toMatchObject({
    causes: [{ stage: 'steam-import', code: 'STEAM_LIBRARY_EMPTY', count: 1, retryable: false }],
    truncated: false,
  });
  expect((await stack.run('dlq', 'causes')).stdout).toMatch(
    /^stage .*\nsteam-import +STEAM_LIBRARY_EMPTY +1 /,
  );
  const dryRun = { moved: 0, matching: 1, more: true, dry_run: true };
  expect(await stack.read('dlq', 'redrive', '--all-stages', '--max', '1', '--dry-run')).toMatchObject({
    matching: 1,
  });
  expect(await stack.read('dlq', 'redrive', '--code', 'STEAM_LIBRARY_EMPTY', '--dry-run')).toEqual({
    ...dryRun,
    more: false,
  });
  expect(await stack.read('dlq', 'discard', '--code', 'STEAM_LIBRARY_EMPTY', '--yes')).toEqual({
    discarded: 1,
    matching: 1,
    more: false,
    dry_run: false,
  });
});

test('logs show what was logged of one import, and of all', async () => {
  const { import_id: importId } = await stack.read<ImportView>('status', sampleAccounts.empty.steamId);
  const { lines } = await stack.read<{ lines: Record<string, unknown>[] }>('logs', importId);
  expect(lines).toEqual([
    expect.objectContaining({
      level: 'ERROR',
      message: 'steam-import failed',
      import_id: importId,
      error_code: 'STEAM_LIBRARY_EMPTY',
    }),
  ]);
  const { stdout } = await stack.run('logs', '--max', '2');
  expect(stdout).toMatch(/^The newest 2 lines; there are more \(--max\)\.\n.*\n\d{4}-\S+ \S+Z \w+ .*\n$/);
  expect((await stack.run('logs', `${person}-19990101`)).stdout).toMatch(
    /^Nothing was logged about .* since .*Z\.\n$/,
  );
});

test('imports are listed by status and age, and followed', async () => {
  const failed = await stack.read<{ imports: ImportView[] }>(
    'imports',
    '--status',
    'failed',
    '--since',
    '1h',
  );
  expect(failed.imports.map(({ status }) => status)).toEqual(failed.imports.map(() => 'failed'));
  expect(failed.imports.length).toBeGreaterThan(0);
  const { stdout } = await stack.run('imports', '--since', '2100-01-01');
  expect(stdout).toBe('There are no such imports in the local stack.\n');
  const following = stack.start('imports', '--follow', '--status', 'failed');
  await following.printed(
    /^76561202255200004-\S+ {2}failed {2}\S+ \S+ UTC {2}STEAM_LIBRARY_EMPTY \(steam-import\)\n/m,
  );
  following.process.kill('SIGINT');
  expect(await following.ended).toBe(0);
});

test('aws and psql run with the addresses and credentials of the stack', async () => {
  // Stand-ins, since a machine may lack both.
  await withDirectory(async (directory) => {
    for (const tool of ['aws', 'psql']) {
      writeFileSync(
        join(directory, tool),
        '#!/bin/sh\necho "$@"; env | grep -E "^(AWS_|PGPASSWORD)" | sort; exit 7\n',
        { mode: 0o755 },
      );
    }
    const PATH = `${directory}:${process.env.PATH}`;
    const aws = await stack.run({ PATH }, 'aws', 's3', 'cp', 'a.csv', 's3://b/', '--acl', 'private');
    expect(aws).toMatchObject({
      exitCode: 7,
      stdout: expect.stringContaining(
        `--endpoint-url ${stack.awsEndpointUrl} s3 cp a.csv s3://b/ --acl private\n`,
      ),
    });
    expect(aws.stdout).toContain('AWS_ACCESS_KEY_ID=local\n');
    expect(aws.stdout).toContain('AWS_REGION=us-east-1\n');
    const { username, password, host, pathname } = new URL(stack.databaseUrl);
    const psql = await stack.run({ PATH }, 'psql', '-c', 'select 1');
    expect(psql.stdout).toMatch(new RegExp(`^postgres(ql)?://${username}@${host}${pathname} -c select 1\n`));
    expect(psql.stdout.includes(`PGPASSWORD=${password}`)).toBe(password !== '');
    const none = await stack.run({ PATH: '/nowhere' }, 'psql');
    expect(none).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('psql is not installed') });
  });
});

test('open prints where the console is', async () => {
  expect(await stack.read('open')).toEqual({ url: `${stack.apiUrl}/console/` });
});

test('igdb search finds a game’s number', async () => {
  const { games } = (await stack.read('igdb', 'search', 'portal', '2')) as { games: { igdb_id: number }[] };
  expect(games.map(({ igdb_id }) => igdb_id)).toContain(72);
  const shown = await stack.run('igdb', 'search', 'Portal', '2');
  expect(shown.stdout).toMatch(/^igdb id +name +year +platforms\n/);
  expect(shown.stdout).toMatch(/\n72 +Portal 2 +2011/);
  expect(await stack.run('igdb', 'search', 'x'.repeat(101))).toMatchObject({ exitCode: 2 });
});

test('status, imports and queues tell the same as the HTTP API', async () => {
  await dropLibrary(importId);
  const { body: view } = await stack.request(`/imports/${importId}`);
  expect(await stack.read('status', importId)).toEqual(view);
  expect(await stack.read('status', printLibraryKey(libraryKeyOf('enriched', importId)))).toEqual(view);
  const { body: list } = await stack.request(`/imports?steam_id=${person}`);
  expect(await stack.read('imports', '--steam-id', person)).toEqual(list);
  expect((await stack.run('imports', '--max', '1')).stdout.trim().split('\n')).toHaveLength(2);
  const { body: queues } = await stack.request('/queues');
  expect(await stack.read('queues')).toEqual(queues);
  expect((await stack.run('queues')).stdout).toMatch(
    /^stage +waiting +in flight +delayed +dead letters +oldest\nsteam-import/,
  );
});

test('rerun runs the stage again, and the stages behind it', async () => {
  const id = `${person}-2026-11-24`;
  const before = await dropLibrary(id);
  expect(await stack.read('rerun', id)).toEqual({
    import_id: id,
    stage: 'igdb-enrichment',
    s3_key: printLibraryKey(libraryKeyOf('raw', id)),
  });
  const loaded = await stack.waitFor(id, (view) => ranAgain(before, view, [1, 2]));
  expect(await stack.read('rerun', printLibraryKey(libraryKeyOf('enriched', id)))).toMatchObject({
    stage: 'database-import',
  });
  const again = await stack.waitFor(id, (view) => ranAgain(loaded, view, [2]));
  expect(again.stages[1]).toEqual(loaded.stages[1]);
});

test('reconcile finds a file whose event was lost, once', async () => {
  const id = `${person}-2026-11-25`;
  const before = await dropLibrary(id);
  const { s3 } = connectAws(stack.awsEndpointUrl);
  await s3.send(
    new DeleteObjectCommand({ Bucket: stack.bucket, Key: printLibraryKey(libraryKeyOf('enriched', id)) }),
  );
  s3.destroy();
  expect(await stack.read('reconcile', '--all', '--dry-run')).toEqual({
    queued: [],
    postponed: [],
    strays: [],
    more: false,
    indexed: 0,
    dry_run: true,
  });
  await delay(1000);
  const gap = { import_id: id, stage: 'igdb-enrichment', s3_key: printLibraryKey(libraryKeyOf('raw', id)) };
  expect(await stack.read('reconcile', '--all', '--older-than', '1s', '--dry-run')).toMatchObject({
    queued: [gap],
  });
  const { stdout } = await stack.run('reconcile', '--all', '--older-than', '1s');
  expect(stdout).toContain('Queued 1 import.');
  await stack.waitFor(id, (view) => ranAgain(before, view, [1, 2]));
  expect(await stack.read('reconcile', '--all', '--older-than', '0s')).toMatchObject({
    queued: [],
    postponed: [],
  });
});

test('overrides are set, kept, listed and removed, and hold at the next enrichment', async () => {
  await stack.putObject('overrides/apps.csv', 'appid,igdb_id,classification,note,who\n10,5,,ours,ann\n');
  expect(
    (await stack.run('overrides', 'set', '220', '--classification', 'tool', '--note', 'a, "b"')).exitCode,
  ).toBe(0);
  expect(await stack.read('overrides', 'list')).toEqual({
    overrides: [
      { appid: 10, igdb_id: 5, classification: null, note: 'ours' },
      { appid: 220, igdb_id: null, classification: 'tool', note: 'a, "b"' },
    ],
    rejects: [],
  });
  expect((await dropLibrary(`${person}-2026-11-26`)).result).toMatchObject({ imported_count: 0, ignored: 1 });

  expect((await stack.run('overrides', 'remove', '220')).exitCode).toBe(2);
  expect((await stack.run('overrides', 'remove', '220', '--yes')).exitCode).toBe(0);
  expect((await stack.run('overrides', 'remove', '220', '--yes')).exitCode).toBe(3);
  expect((await stack.run('overrides', 'list')).stdout).toMatch(/^appid.*\n10 +5 +ours\n$/);
});

test('migrate says what it did, and needs no stack but a database', async () => {
  expect(await stack.read('migrate')).toEqual({ applied: [] });
  const { exitCode, stdout } = await runSavepoint(['migrate'], { DATABASE_URL: stack.databaseUrl });
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: 'Nothing to do: the tables are up to date.\n',
  });
});

test.each([
  [2, ['dlq', 'list', 'nonsense'], 'steam-import, igdb-enrichment, database-import'],
  [2, ['dlq', 'redrive'], '--all-stages'],
  [3, ['dlq', 'redrive', '--import', `${person}-19990101`], 'No dead letter matches'],
  [2, ['status', 'nonsense'], '76561197960287930-20261123T043000123Z'],
  [2, ['queues', '--colour'], "unknown option '--colour'"],
  [2, ['reconcile', '--older-than', 'yesterday'], '15m'],
  [2, ['import', 'STEAM_9:9:9'], 'another Steam universe'],
  [2, ['overrides', 'set', '220', '--igdb-id', 'half-life'], 'neither an IGDB id nor none'],
  [2, ['overrides', 'set', '220'], '--igdb-id'],
  [2, ['imports', '--steam-id', 'some-name'], 'SteamID64'],
  [3, ['status', `${person}-19990101`], 'no import'],
  [3, ['rerun', `${person}-19990101`], 'never written'],
  [3, ['import', 'nobody-of-this-name'], 'no person'],
  [3, ['dlq', 'show', 'database-import'], 'No dead letter'],
])('exit code %i: savepoint %j', async (code, args, sentence) => {
  const { exitCode, stdout, stderr } = await stack.run(...args);
  expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
  expect(stderr).toContain(sentence);
});

test('what fails under --json is told as JSON on stderr', async () => {
  const tell = async (...args: string[]) => {
    const { stdout, stderr } = await stack.run(...args, '--json');
    return { stdout, ...JSON.parse(stderr) };
  };
  expect(await tell('status', `${person}-19990101`)).toEqual({
    stdout: '',
    error: { code: 'NOT_FOUND', message: expect.stringContaining('no import') },
    exit_code: 3,
  });
  expect(await tell('queues', '--colour')).toEqual({
    stdout: '',
    error: { code: 'USAGE', message: "unknown option '--colour'" },
    exit_code: 2,
  });
});

test('help is found by the words of a command', async () => {
  const { exitCode, stdout } = await stack.run('help', 'dlq', 'redrive');
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: expect.stringMatching(/^Usage: savepoint dlq redrive/),
  });
});

test('rejects shows the bad rows, and status names them and the overrides that nobody can use', async () => {
  const id = `${person}-2026-11-25`;
  await stack.putObject('overrides/apps.csv', 'appid,igdb_id\n220,oops\n');
  await stack.putObject(printLibraryKey(libraryKeyOf('raw', id)), 'appid,name\n220,Half-Life 2\nx,Nothing\n');
  await stack.waitFor(id);
  expect(await stack.read('rejects', id)).toEqual({
    rejects: [
      {
        s3_key: printLibraryKey(libraryKeyOf('raw', id)),
        line: 3,
        reason: expect.stringContaining('appid'),
        record: 'x,Nothing',
      },
    ],
    truncated: false,
  });
  const { stdout } = await stack.run('status', id);
  expect(stdout).toContain(`npx savepoint rejects ${id}`);
  expect(stdout).toContain('1 line of overrides/apps.csv cannot be used: npx savepoint overrides list');
  await stack.putObject('overrides/apps.csv', 'appid,igdb_id\n');
  expect((await stack.run('rejects', `${person}-19990101`)).exitCode).toBe(3);
});

test('overrides set --preview shows what would change and for how many people, and changes nothing', async () => {
  await stack.putObject('overrides/apps.csv', 'appid,igdb_id,classification,note\n');
  const id = '76561202255200099-2025-12-02';
  const app = '2147483641';
  await stack.putObject(printLibraryKey(libraryKeyOf('raw', id)), `appid,name\n${app},Only Theirs\n`);
  await stack.waitFor(id);
  const listed = await stack.read('overrides', 'list');
  const words = ['overrides', 'set', app, '--classification', 'tool', '--preview'];
  expect(await stack.read(...words)).toMatchObject({
    appid: Number(app),
    override: { after: { classification: 'tool' } },
    before: { classification: 'game', match_status: 'UNMATCHED' },
    after: { classification: 'tool', match_status: 'IGNORED', igdb_id: null },
    people: 1,
    database: null,
  });
  const { stdout } = await stack.run(...words);
  expect(stdout).toMatch(
    /^App 2147483641, Only Theirs, is in 1 library\.\n\n.*now +from the next enrichment\nwhat it is +game +tool\n/,
  );
  const nowhere = { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nowhere' };
  const unknown = await stack.run(...words, nowhere);
  expect(unknown).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('is unknown here') });
  expect(await stack.read('overrides', 'list')).toEqual(listed);
});

test('matches shows how apps were matched, and which were not', async () => {
  const id = `${person}-2025-12-01`;
  await stack.putObject(
    printLibraryKey(libraryKeyOf('raw', id)),
    'appid,name\n220,Half-Life 2\n2147483640,Never Heard Of\n',
  );
  await stack.waitFor(id);
  const { stdout } = await stack.run('matches', id);
  expect(stdout).toMatch(/^ *appid +app +game +sure +why +others\n *220 +Half-Life 2 +\d+ Half-Life 2 +\S/);
  expect(await stack.read('matches', id, '--unmatched')).toMatchObject({
    apps: [{ appid: 2147483640, match_status: 'UNMATCHED', igdb_id: null }],
    truncated: false,
  });
  expect(await stack.read('rerun', id, '--only', 'unmatched')).toMatchObject({ stage: 'igdb-enrichment' });
  expect((await stack.run('matches', `${person}-19990101`)).exitCode).toBe(3);
  expect((await stack.run('matches', id, '--unmatched', '--doubtful')).exitCode).toBe(2);
});

test('where nothing is simulated by npm start, nothing is troubled', async () => {
  expect(await stack.run('simulate', 'steam-down')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('asks the real Steam'),
  });
});

test('without a stack the sentence says what to start', async () => {
  await withDirectory(async (directory) => {
    const { exitCode, stderr } = await runSavepoint(['queues'], {}, directory);
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(/^savepoint: No local stack runs on .*npm start.*--stage/);
  });
});

test.each([
  ['queues', '(S3|SQS)'],
  ['imports', 'S3'],
])('what does not answer is named: %s', async (name, service) => {
  const { exitCode, stderr } = await runSavepoint([name], { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
  expect(exitCode).toBe(4);
  expect(stderr).toMatch(new RegExp(`${service} did not answer`));
});

/** A command and everything below it, each under its full name. */
const commandsBelow = (command: Command, name = ''): [string, Command][] =>
  command.commands.flatMap((below): [string, Command][] => [
    [`${name}${below.name()}`, below],
    ...commandsBelow(below, `${name}${below.name()} `),
  ]);

test.each(commandsBelow(await createProgram()))('the help of %s shows an example', (name, command) => {
  let help = '';
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  command.outputHelp();
  expect(help).toContain(`$ npx savepoint ${name}`);
});

test('a deployed stage is found through the outputs of SST, and only its own', async () => {
  const asked: string[] = [];
  const api = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    response.writeHead(202, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ import_id: importId, steam_id: person, status: 'queued', status_url: 'http://x/' }),
    );
  });
  await new Promise<void>((listening) => api.listen(0, '127.0.0.1', listening));
  const apiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  try {
    await withDirectory(async (directory) => {
      mkdirSync(join(directory, '.sst'));
      const outputs = {
        api: apiUrl,
        bucket: 'savepoint-dev-library',
        deadLetterQueues: [
          'https://sqs.eu-central-1.amazonaws.com/123456789012/savepoint-dev-steam-import-dlq',
        ],
        migrate: 'savepoint-dev-migrate',
      };
      writeFileSync(join(directory, '.sst/outputs.json'), JSON.stringify(outputs));
      const token = { API_TOKEN: 'a-token-of-dev' };
      const found = await runSavepoint(['import', person, '--stage', 'dev', '--json'], token, directory);
      expect(JSON.parse(found.stdout)).toMatchObject({ import_id: importId });
      expect(asked).toEqual(['POST /imports Bearer a-token-of-dev']);

      const other = await runSavepoint(['import', person, '--stage', 'production'], token, directory);
      expect(other.exitCode).toBe(2);
      expect(other.stderr).toContain('set AWS_REGION and S3_BUCKET');
      expect(asked).toHaveLength(1);
    });
  } finally {
    api.close();
  }
});

test('the secrets of a deployed stage come from Secrets Manager', async () => {
  const importFrom = async (secrets: Record<string, string>) => {
    const cloud = await startCloudEndpoint(stack.awsEndpointUrl, { secrets, mayCall: () => true });
    const environment = {
      AWS_ENDPOINT_URL: cloud.url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'us-east-1',
      S3_BUCKET: stack.bucket,
      API_URL: 'http://127.0.0.1:1',
    };
    try {
      return await withDirectory((directory) =>
        runSavepoint(['import', person, '--stage', 'dev'], environment, directory),
      );
    } finally {
      await cloud.close();
    }
  };
  const unfilled = await importFrom({});
  expect(unfilled.exitCode).not.toBe(0);
  expect(unfilled.stderr).toContain(
    'aws secretsmanager put-secret-value --secret-id savepoint/dev/api-token',
  );
  // With a token it goes on, to an API that is not there.
  const filled = await importFrom({ [secretId('dev', 'apiToken')]: 'a-token' });
  expect(filled.stderr).toContain('http://127.0.0.1:1 cannot be reached');
});

test('a stage that no outputs tell of is reached by its names', async () => {
  await withDirectory(async (directory) => {
    const environment = {
      AWS_ENDPOINT_URL: stack.awsEndpointUrl,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'us-east-1',
      S3_BUCKET: stack.bucket,
    };
    const { stdout } = await runSavepoint(['queues', '--stage', 'local', '--json'], environment, directory);
    const { queues } = JSON.parse(stdout) as { queues: { stage: string }[] };
    expect(queues.map(({ stage }) => isStageName(stage))).toEqual([true, true, true]);
  });
});

describe('a library for reading', () => {
  const owner = '76561197960299999';
  const csv = (minutes: number) =>
    [
      'appid,name,playtime_forever',
      `620,Portal 2,${minutes}`,
      '99440,"=HYPERLINK(""http://x"")",0',
      '220,Half-Life 2,30',
    ]
      .map((line) => `${line}\n`)
      .join('');
  beforeAll(async () => {
    for (const [day, minutes] of [
      [1, 60],
      [2, 150],
    ] as const) {
      const id = `${owner}-2026-11-0${day}`;
      await stack.putObject(printLibraryKey(libraryKeyOf('raw', id)), csv(minutes));
      await stack.waitFor(id);
    }
  });

  test('library shows the games, the most played first, and what is asked for', async () => {
    const { exitCode, stdout } = await stack.run('library', owner);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^76561197960299999, imported 2026-11-02 00:00:00 UTC: 3 games, \d matched, 3 hours\n/,
    );
    expect(stdout.indexOf('Portal 2')).toBeLessThan(stdout.indexOf('Half-Life 2'));
    const unplayed = await stack.run('library', owner, '--unplayed');
    expect(unplayed.stdout).not.toContain('Portal 2');
    const read = await stack.read<{ games: { appid: number }[] }>(
      'library',
      owner,
      '--sort',
      'title',
      '--max',
      '2',
    );
    expect(read.games.map(({ appid }) => appid)).toEqual([99440, 220]);
  });

  test('as CSV no title is a formula; as NDJSON a line is a game', async () => {
    const { stdout } = await stack.run('library', owner, '--format', 'csv');
    expect(stdout.split('\n')[0]).toMatch(/^appid,title,classification,/);
    expect(stdout).toContain(`99440,"'=HYPERLINK(""http://x"")",game`);
    const { stdout: lines } = await stack.run('library', owner, '--format', 'ndjson');
    expect(
      lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).appid),
    ).toEqual([620, 220, 99440]);
  });

  test('changes tells what an import changed', async () => {
    const { stdout } = await stack.run('changes', owner);
    expect(stdout).toMatch(
      /2026-11-02 00:00:00 UTC +played +Portal 2 +\+90\n2026-11-01 00:00:00 UTC +imported +the library/,
    );
  });

  test('of somebody whom nobody imported there is none', async () => {
    expect(await stack.run('library', '76561197960299998')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('savepoint import 76561197960299998 --wait'),
    });
  });
});

test('follow, follows and unfollow', async () => {
  const followed = '76561197960277777';
  const { stdout } = await stack.run('follow', followed, '--every', 'week');
  expect(stdout).toMatch(/^76561197960277777 is imported every week, next at 20.*:00 UTC\.\n$/);
  expect((await stack.run('follows')).stdout).toMatch(
    /^person +every +next +paused\n76561197960277777 +week +20.* UTC\n$/,
  );
  expect((await stack.run('unfollow', followed)).stdout).toBe(`${followed} is not followed.\n`);
  expect((await stack.run('follows')).stdout).toMatch(/^No library is followed in /);
});

test('forget says what there is, asks, and removes it', async () => {
  const someone = '76561197960266666';
  await dropLibrary(`${someone}-2026-11-20`);
  const dry = await stack.run('forget', someone, '--dry-run');
  expect(dry.stdout).toMatch(/^objects +of\n(?:.*\n)* +1 +raw\n +1 +enriched\n/);
  // Nobody is there to ask.
  expect((await stack.run('forget', someone)).exitCode).toBe(2);
  expect((await stack.run('library', someone)).exitCode).toBe(0);
  expect((await stack.run('forget', someone, '--yes')).exitCode).toBe(0);
  const left = () => stack.run('forget', someone, '--dry-run');
  for (let tries = 0; tries < 100 && !(await left()).stdout.startsWith('The bucket'); tries++)
    await delay(200);
  expect((await left()).stdout).toMatch(/^The bucket of .* holds nothing about 76561197960266666\.\n$/);
});
