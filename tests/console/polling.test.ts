import { inConsole } from './support/console.ts';

inConsole(
  'what is asked again and again',
  (its) => {
    test('is neither sent nor read again while it is the same, with a token as well', async () => {
      const { page } = await its.visit('/console/');
      // Playwright tells what the page sees; the protocol, what came over the wire.
      const protocol = await page.context().newCDPSession(page);
      await protocol.send('Network.enable');
      const paths = new Map<string, string>();
      const statuses: [requestId: string, status: number][] = [];
      protocol.on('Network.requestWillBeSent', ({ requestId, request }) =>
        paths.set(requestId, new URL(request.url).pathname),
      );
      protocol.on('Network.responseReceivedExtraInfo', ({ requestId, statusCode }) =>
        statuses.push([requestId, statusCode]),
      );
      // Which of the two is told first is not promised.
      const answers = () => statuses.map(([requestId, status]) => `${status} ${paths.get(requestId)}`);
      // What of it the page reads, which of a large library takes long.
      await page.evaluate(
        `globalThis.read = [];
        const { json } = Response.prototype;
        Response.prototype.json = function () { read.push(new URL(this.url).pathname); return json.call(this); }`,
      );
      const asked = async (...all: string[]) => {
        while (!all.every((each) => answers().includes(each))) await page.waitForTimeout(50);
      };
      await page.getByLabel('Token', { exact: true }).fill('a-token');
      await page.getByRole('button', { name: 'Continue' }).click();
      await asked('200 /queues', '200 /imports');
      await page.getByText('Nobody waits.').first().waitFor();
      statuses.length = 0;
      await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
      await asked('304 /queues', '304 /imports');
      expect(answers().filter((answer) => /^200 \/(queues|imports)/.test(answer))).toEqual([]);
      await page.waitForTimeout(500);
      expect(
        await page.evaluate("read.filter((path) => path === '/queues' || path === '/imports').sort()"),
      ).toEqual(['/imports', '/queues']);
      expect(await page.getByText('Nobody waits.').count()).toBe(3);
    });
  },
  { API_TOKEN: 'a-token' },
);
