import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { withDirectory } from '../support/directory.ts';
import { createTestDatabase } from '../support/database.ts';
import { runProgram } from '../support/program.ts';

/** `npm run demo`, as a newcomer runs it: nothing is set. */

test('with --open it stays, and says where the library is to be seen', async () => {
  const demo = runProgram('packages/cli/demo.ts', ['--open']);
  await demo.printed(/Ctrl-C ends the demo/);
  const [address = ''] = /http:\/\/\S+\/console\/libraries\/\d{17}/.exec(demo.output()) ?? [];
  expect((await fetch(address)).status).toBe(200);
  demo.process.kill('SIGINT');
  expect(await demo.ended).toBe(1);
});

test('the demo imports a sample library, tells how it went and ends well', async () => {
  const demo = runProgram('packages/cli/demo.ts');
  expect(await demo.ended).toBe(0);
  const output = demo.output();
  expect(output).toMatch(/simulated: this is sample data/);
  expect(output).toMatch(/✔ steam-import +180 apps fetched from Steam/);
  expect(output).toMatch(/✔ igdb-enrichment +\d+ matched, \d+ unmatched, \d+ not games +\d/);
  expect(output).toMatch(/✔ database-import +145 games stored, 35 rows skipped/);
  expect(output).toMatch(/180 apps, [\d,]+ hours played\n +Kinds +145 games, 16 tools/);
  expect(output).toMatch(/Matching +\d+ found in IGDB, 35 not games/);
  expect(output.match(/^ +[\d,]+ h {2}.*$/gm)).toHaveLength(10);
  expect(output).toMatch(/request to rows +\d+\.\d s/);
});

test.each(['SIGTERM', 'SIGKILL'] as const)('%s leaves nothing in the temporary folder', async (signal) => {
  await withDirectory(async (temporary) => {
    const demo = runProgram('packages/cli/demo.ts', [], { TMPDIR: temporary });
    await demo.printed(/POST \/imports/);
    demo.process.kill(signal);
    expect(await demo.ended).toBe(signal === 'SIGKILL' ? 'SIGKILL' : 1);
    while (readdirSync(temporary).length > 0) await delay(50);
  });
});

test.each([
  ['savepoint-private', /steam-import failed: .*Game details/],
  ['103582791429521412', /is not a person/],
  ['nobody-has-this-name', /nobody-has-this-name/],
])('an import of %s that cannot succeed ends the demo with one sentence', async (wanted, sentence) => {
  // A database that is there already saves the making of one.
  const database = await createTestDatabase();
  const demo = runProgram('packages/cli/demo.ts', [wanted], { DATABASE_URL: database.url });
  expect(await demo.ended).toBe(1);
  await database.drop();
  expect(demo.output().trim().split('\n').at(-1)).toMatch(sentence);
  expect(demo.output()).not.toMatch(/ at .*\.ts:\d+/);
});
