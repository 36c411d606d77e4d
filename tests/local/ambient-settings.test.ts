import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { withDirectory } from '../support/directory.ts';
import { type Program, runProgram } from '../support/program.ts';

/** What a person has set for other programs neither breaks nor redirects what runs on one machine. */

/** Counts what reaches it and answers nothing of use. */
async function startDecoy() {
  const met: string[] = [];
  const server = createServer((request, response) => {
    met.push(`${request.method} ${request.url}`);
    response.writeHead(502).end();
  });
  server.on('connect', (request, socket) => {
    met.push(`CONNECT ${request.url}`);
    socket.end('HTTP/1.1 502 No\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, met, close: () => void server.close() };
}

const hostileEnvironment = (decoyUrl: string, home: string) => ({
  HOME: home,
  AWS_PROFILE: 'work',
  AWS_SDK_LOAD_CONFIG: '1',
  AWS_ENDPOINT_URL_S3: decoyUrl,
  AWS_ENDPOINT_URL_SQS: decoyUrl,
  AWS_CA_BUNDLE: '/nowhere.pem',
  AWS_USE_FIPS_ENDPOINT: 'true',
  AWS_MAX_ATTEMPTS: '1',
  PGHOST: 'nowhere.invalid',
  PGPORT: '1',
  PGUSER: 'nobody',
  PGPASSWORD: 'wrong',
  PGDATABASE: 'nowhere',
  PGOPTIONS: '-c default_transaction_read_only=on',
  PGSSLMODE: 'require',
  PGSSLNEGOTIATION: 'direct',
  PGDATA: '/nowhere',
  HTTP_PROXY: decoyUrl,
  http_proxy: decoyUrl,
  HTTPS_PROXY: decoyUrl,
  NODE_USE_ENV_PROXY: '1',
  NODE_ENV: 'production',
  NODE_OPTIONS: '--max-old-space-size=2048 --enable-source-maps',
});

const expectEnd = async (program: Program) => {
  const how = await program.ended;
  if (how !== 0) throw new Error(`It ended with ${how}:\n${program.output()}`);
};

test('npm start, the command line and the demo take nothing from the shell of others', async () => {
  const decoy = await startDecoy();
  const check = withDirectory(async (home) => {
    mkdirSync(join(home, '.aws'));
    writeFileSync(join(home, '.aws/config'), '[default]\nuse_fips_endpoint=true\nregion=eu-south-1\n');
    const variables = hostileEnvironment(decoy.url, home);
    const stack = runProgram('packages/local/start.ts', [], {
      ...variables,
      PORT: '0',
      DATA_DIR: join(home, 'data'),
    });
    await stack.printed(/Savepoint is ready/);
    const run = (...args: string[]) =>
      runProgram('packages/cli/savepoint.js', args, { ...variables, DATA_DIR: join(home, 'data') });
    const importing = run('import', 'savepoint-sample', '--wait');
    await expectEnd(importing);
    expect(importing.output()).toContain('Stored 145 games');
    for (const command of [['queues'], ['overrides', 'list'], ['migrate']]) await expectEnd(run(...command));
    stack.process.kill('SIGINT');
    await expectEnd(stack);
    const demo = runProgram('packages/cli/demo.ts', [], variables);
    await expectEnd(demo);
    expect(demo.output()).toContain('145 games');
  });
  await check.finally(decoy.close);
  expect(decoy.met).toEqual([]);
}, 300_000);

test('NODE_ENV=production leaves nothing out that the scripts need', () => {
  const install = ['install', '--dry-run', '--offline', '--no-audit', '--no-fund'];
  // Without what the npm that runs this test hands down, such as its silence.
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'));
  const env = { ...Object.fromEntries(own), NODE_ENV: 'production' };
  const { stdout } = spawnSync('npm', install, { env, encoding: 'utf8' });
  // Where it was installed by npm ci alone, it would remove what the package node fetched for itself.
  expect(stdout).toMatch(/^(up to date|removed) /m);
  expect(stdout).not.toMatch(/^remove (jest|typescript|node) /m);
});
