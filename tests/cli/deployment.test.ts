import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { askForSecret } from '@savepoint/cli/deployment/ask-for-secret.ts';
import { type FakeCloud, startFakeCloud } from '../support/fake-cloud.ts';
import { type Answer, runSavepoint } from './run-savepoint.ts';

let cloud: FakeCloud;
let directory: string;
beforeEach(async () => {
  cloud = await startFakeCloud();
  directory = await mkdtemp(join(tmpdir(), 'savepoint-deploy-'));
});
afterEach(async () => {
  cloud.close();
  await rm(directory, { recursive: true, force: true });
});

const run = (words: string, variables: Record<string, string> = {}): Promise<Answer> =>
  runSavepoint([...words.split(' '), '--stage', 'dev'], { ...cloud.variables, ...variables }, directory);

/** The same with something on stdin. */
async function runWith(stdin: string, words: string): Promise<{ exitCode: number; output: string }> {
  const program = resolve(import.meta.dirname, '../../packages/cli/savepoint.js');
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [program, ...words.split(' '), '--stage', 'dev'], {
    cwd: directory,
    env: { PATH, HOME, ...cloud.variables },
  });
  child.stdin.end(stdin);
  const ended = new Promise<number>((done) => child.on('close', (code) => done(code ?? -1)));
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { exitCode, output: stdout + stderr };
}

const good: Record<string, string> = {
  'savepoint/dev/steam-api-key': '5A3E901775AB1E5A3E901775AB1E0001',
  'savepoint/dev/igdb-credentials': '{"client_id":"abc","client_secret":"CANARY"}',
  'savepoint/dev/database-url': 'postgresql://me:CANARY@db.example.com/games',
  'savepoint/dev/api-token': 'CANARY-token',
};
const fill = (values: Record<string, string | null>) => {
  for (const [id, value] of Object.entries(values)) cloud.secrets.set(id, value);
};
const migrations = (missing: string[]) =>
  cloud.functions.set('savepoint-dev-migrate', (payload) => ({
    answer: (payload as { dry_run?: boolean }).dry_run ? { missing } : { applied: missing },
  }));

describe('deploy:check', () => {
  const lastLine = ({ stdout }: Answer) => stdout.trimEnd().split('\n').at(-1);

  test('leads from nothing to the first import, one command after another', async () => {
    expect(lastLine(await run('deploy:check'))).toBe('Next: npx sst deploy --stage dev');

    fill(Object.fromEntries(Object.keys(good).map((id) => [id, null])));
    migrations([]);
    const empty = await run('deploy:check');
    expect(lastLine(empty)).toBe('Next: npx savepoint secrets set --stage dev');
    expect(empty.exitCode).toBe(1);

    fill({ ...good, 'savepoint/dev/steam-api-key': 'nonsense' });
    const malformed = await run('deploy:check');
    expect(malformed.stdout).toContain(
      'fault   savepoint/dev/steam-api-key: malformed: it must be 32 hexadecimal digits\n',
    );
    expect(lastLine(malformed)).toBe('Next: npx savepoint secrets set steam-api-key --stage dev');

    fill(good);
    migrations(['0001-libraries']);
    const unmigrated = await run('deploy:check');
    expect(unmigrated.stdout).toContain('open    schema: 0001-libraries to apply\n');
    expect(lastLine(unmigrated)).toBe('Next: npx savepoint migrate --stage dev');

    migrations([]);
    const ready = await run('deploy:check');
    expect(ready).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ready.stdout).not.toContain('CANARY');
    expect(ready.stdout).toBe(
      [
        'ok      settings: savepoint-dev, eu-central-1',
        'ok      account: 123456789012, as arn:aws:iam::123456789012:user/me',
        ...Object.keys(good).map((id) => `ok      ${id}: filled`),
        'ok      schema: up to date',
        '',
        'Next: npx savepoint import 76561197960287930 --stage dev --wait',
        '',
      ].join('\n'),
    );
  }, 60_000);

  test('secrets that a removed production left behind are named, and nothing is said that would lose them', async () => {
    fill({ 'savepoint/dev/api-token': 'CANARY-token' });
    const answer = await run('deploy:check');
    expect(answer.stdout).toContain('warning deployed: nothing yet, but savepoint/dev/api-token are there.');
    expect(lastLine(answer)).toBe('Next: npx sst deploy --stage dev');
  });

  test('names every fault of the settings and the account at once, read as SST reads them', async () => {
    await writeFile(join(directory, '.env'), 'AWS_REGION=\nDEPLOY_LOG_LEVEL=DEBUG\n');
    await writeFile(
      join(directory, '.env.dev'),
      'DEPLOY_LOG_LEVEL=loud\nDEPLOY_AWS_ACCOUNT_ID=111122223333\n',
    );
    const { exitCode, stdout } = await run('deploy:check --json', { AWS_REGION: '' });
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout).checks.map(({ says }: { says: string }) => says)).toEqual([
      expect.stringMatching(/^AWS_REGION is not set/),
      expect.stringMatching(/^DEPLOY_LOG_LEVEL must be one of/),
      expect.stringMatching(/account 123456789012, but DEPLOY_AWS_ACCOUNT_ID asks for 111122223333/),
    ]);
  });

  test('says so when AWS rejects the credentials', async () => {
    const closed = await startFakeCloud(null);
    const { exitCode, stdout } = await run('deploy:check', closed.variables);
    closed.close();
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^fault {3}account: AWS rejects these credentials\..*\(ExpiredToken\)$/m);
  });

  test('a weakened address and a webhook from a private network are doubtful', async () => {
    fill({ ...good, 'savepoint/dev/database-url': 'postgresql://me@db.example.com/games?sslmode=require' });
    migrations([]);
    const { exitCode, stdout } = await run('deploy:check', {
      DEPLOY_VPC_SUBNET_IDS: 'subnet-1',
      DEPLOY_VPC_SECURITY_GROUP_IDS: 'sg-1',
      DEPLOY_COMPLETION_WEBHOOK_URL: 'https://app.example/hook',
    });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^warning savepoint\/dev\/database-url: sslmode=require .*verify-full/m);
    expect(stdout).toMatch(/^warning network: .*the webhook needs a NAT gateway/m);
  });
});

describe('secrets', () => {
  test('one is read from stdin, checked, and stored without its line end', async () => {
    fill({ 'savepoint/dev/api-token': null });
    expect(await runWith('CANARY-token\n', 'secrets set api-token')).toEqual({
      exitCode: 0,
      output: 'Stored savepoint/dev/api-token.\n',
    });
    expect(cloud.secrets.get('savepoint/dev/api-token')).toBe('CANARY-token');
  });

  test.each([
    ['a malformed one', 'CANARY', 'secrets set steam-api-key', 2, 'must be 32 hexadecimal digits'],
    ['nothing at all', '', 'secrets set api-token', 2, 'nothing was stored'],
    ['nobody to ask', '', 'secrets set', 2, 'There is no terminal to ask on'],
    [
      'an unusable address',
      'postgresql://me@a:b:c/d',
      'secrets set database-url',
      2,
      'DATABASE_URL is unusable',
    ],
    ['one that was not deployed', 'CANARY', 'secrets set completion-webhook-key', 2, 'must be base64'],
  ])('%s is not stored', async (_what, stdin, words, exitCode, says) => {
    fill({ 'savepoint/dev/api-token': null, 'savepoint/dev/database-url': null });
    const ended = await runWith(stdin, words);
    expect(ended).toMatchObject({ exitCode, output: expect.stringContaining(says) });
    expect(ended.output).not.toContain('CANARY');
    expect([...cloud.secrets.values()]).toEqual([null, null]);
  });

  test('a database that is out of reach is stored, with a word about it', async () => {
    fill({ 'savepoint/dev/database-url': null });
    const { exitCode, output } = await runWith(
      'postgresql://me:CANARY@127.0.0.1:1/games?sslmode=require',
      'secrets set database-url',
    );
    expect(exitCode).toBe(0);
    expect(output).toMatch(/^Stored savepoint\/dev\/database-url\.\n {2}Warning: sslmode=require/);
    expect(output).toMatch(/Warning: from this machine the database was not reached\./);
    expect(output).not.toContain('CANARY');
  });

  test('the region may stand in the file that SST reads for the deployment', async () => {
    await writeFile(join(directory, '.env.dev'), 'AWS_REGION=eu-central-1\n');
    fill({ 'savepoint/dev/api-token': 'CANARY' });
    expect(await run('secrets list', { AWS_REGION: '' })).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('the list tells states and no values', async () => {
    fill({ ...good, 'savepoint/dev/api-token': null, 'savepoint/dev/steam-api-key': 'short' });
    const { stdout } = await run('secrets list --json');
    expect(JSON.parse(stdout).secrets.map(({ state }: { state: string }) => state)).toEqual([
      'malformed',
      'good',
      'good',
      'empty',
    ]);
    expect(stdout).not.toContain('CANARY');
  });

  test('asked for, it is asked again until it has its form, and never shown', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const shown: string[] = [];
    output.on('data', (chunk) => shown.push(String(chunk)));
    const asked = askForSecret('steamApiKey', { input, output });
    input.write('CANARY\n');
    for (let tries = 0; !shown.join('').includes('32 hexadecimal') && tries < 200; tries++)
      await new Promise((done) => setTimeout(done, 10));
    input.write('\u0015');
    input.write('5A3E901775AB1E5A3E901775AB1E0001\n');
    expect(await asked).toBe('5A3E901775AB1E5A3E901775AB1E0001');
    expect(shown.join('')).toContain('It must be 32 hexadecimal digits.');
    expect(shown.join('')).not.toMatch(/CANARY|5A3E/);
  });
});

describe('migrate --stage', () => {
  test('calls the function and tells what it applied', async () => {
    migrations(['0001-libraries']);
    expect(await run('migrate')).toEqual({ exitCode: 0, stdout: 'Applied 0001-libraries.\n', stderr: '' });
  });

  test('a function that failed is a failure, in its own words', async () => {
    cloud.functions.set('savepoint-dev-migrate', () => ({
      failed: true,
      answer: { errorType: 'DatabaseError', errorMessage: 'The database refused the login.' },
    }));
    expect(await run('migrate')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'savepoint: The function savepoint-dev-migrate failed: The database refused the login.\n',
    });
  });

  test('without a deployment it says so', async () => {
    expect(await run('migrate')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('deploy it first'),
    });
  });
});

test('env gives a shell what it needs, whatever the token holds', async () => {
  fill({ 'savepoint/dev/api-token': "it's$HOME,older" });
  const { stdout } = await run('env', {
    AWS_ENDPOINT_URL: cloud.variables.AWS_ENDPOINT_URL_STS!,
    API_URL: 'https://api.example/',
    S3_BUCKET: 'some-bucket',
  });
  expect(stdout).toBe("API='https://api.example'\nAPI_TOKEN='it'\\''s$HOME'\nBUCKET='some-bucket'\n");
});
