import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';

export type Polled = { requests: number; unchanged: number };

/** Opens all pages beside one another, and counts what each asks of the API. */
export async function openAll<Name extends string>(
  browser: Browser,
  baseURL: string,
  paths: Readonly<Record<Name, string>>,
) {
  const context = await browser.newContext({ baseURL });
  const opened: [Name, Page, Polled][] = [];
  for (const [name, path] of Object.entries(paths) as [Name, string][]) {
    const page = await context.newPage();
    const polled: Polled = { requests: 0, unchanged: 0 };
    page.on('request', (request) => {
      if (request.resourceType() === 'fetch') polled.requests += 1;
    });
    const protocol = await context.newCDPSession(page);
    await protocol.send('Network.enable');
    // What the page sees is 200 all the same.
    protocol.on('Network.responseReceivedExtraInfo', ({ statusCode }) => {
      if (statusCode === 304) polled.unchanged += 1;
    });
    await page.goto(path);
    opened.push([name, page, polled]);
  }
  return {
    /** Of each page within one minute. */
    async countMinute(): Promise<Record<Name, Polled>> {
      for (const [, , polled] of opened) Object.assign(polled, { requests: 0, unchanged: 0 });
      await delay(60_000);
      return Object.fromEntries(opened.map(([name, , polled]) => [name, { ...polled }])) as Record<
        Name,
        Polled
      >;
    },
    /** As a browser does with a tab that nobody sees; without a window it sees them all. */
    async hide(): Promise<void> {
      for (const [, page] of opened)
        await page.evaluate(
          "Object.defineProperty(document, 'hidden', { value: true }), document.dispatchEvent(new Event('visibilitychange'))",
        );
    },
    close: () => context.close(),
  };
}
