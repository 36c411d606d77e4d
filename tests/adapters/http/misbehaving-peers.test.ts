import { setTimeout as delay } from 'node:timers/promises';
import { killNow, startChildProgram } from '../../support/child-program.ts';
import {
  type MisbehavingServer,
  misbehaviours,
  startMisbehavingServer,
} from '../../support/misbehaving-server.ts';

let server: MisbehavingServer;
beforeAll(async () => {
  server = await startMisbehavingServer('stall after headers');
});
afterAll(() => server.close());

const maxBytes = 1024 * 1024;

/** What `call` gives in a process that collects its garbage all the time, and the memory that it took. */
async function whileCollecting(call: string): Promise<{ outcome: unknown; peakMb: number }> {
  const program = await startChildProgram(
    `import { exchange } from '@savepoint/adapters/http/exchange.ts';
    let peak = 0;
    const collecting = setInterval(() => {
      gc();
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 5);
    const get = (how, more = {}) => exchange({
      method: 'get',
      url: '${server.url}/',
      searchParams: { how },
      timeoutSeconds: how.startsWith('stall') || how === 'drip' ? 0.5 : 30,
      maxBytes: ${maxBytes},
      ...more,
    });
    const outcome = await (${call});
    console.log(JSON.stringify({ outcome, peakMb: peak / 1024 / 1024 }));
    clearInterval(collecting);`,
    ['--expose-gc'],
  );
  try {
    return JSON.parse(program.firstLine);
  } finally {
    await killNow(program);
  }
}

test('whatever a server does, it is over in time and in bounds, while garbage is collected', async () => {
  const call = `(async () => {
    const outcome = [];
    for (const how of ${JSON.stringify(misbehaviours)}) outcome.push([how, (await get(how)).reason]);
    return outcome;
  })()`;
  const { outcome, peakMb } = await whileCollecting(call);
  expect(outcome).toEqual([
    ['stall before headers', 'timeout'],
    ['stall after headers', 'timeout'],
    ['drip', 'timeout'],
    ['endless', 'too large'],
    ['endless when unpacked', 'too large'],
    ['reset', 'ECONNRESET'],
  ]);
  expect(peakMb).toBeLessThan(200);
});

test("the caller's signal is heard while garbage is collected", async () => {
  const call = `get('drip', { timeoutSeconds: 30, signal: AbortSignal.any([AbortSignal.timeout(500)]) })`;
  const { outcome } = await whileCollecting(call);
  expect(outcome).toEqual({ status: null, reason: 'stopped' });
});

test('a body that nobody asked for is not waited for', async () => {
  const call = `get('drip', { timeoutSeconds: 30, maxBytes: 0 })`;
  const { outcome } = await whileCollecting(call);
  expect(outcome).toEqual({ status: 200, text: '' });
});

test('no connection is left behind', async () => {
  const tooLate = delay(5000, 'still connected', { ref: false });
  expect(await Promise.race([server.left(), tooLate])).toBeUndefined();
});
