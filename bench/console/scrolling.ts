import type { Browser } from 'playwright-core';

type TraceEvent = {
  name: string;
  pid: number;
  tid: number;
  /** Microseconds of the processor: what else the machine does is not in it. */
  tdur?: number;
  args?: { name?: string };
};

/** Turns of the wheel, each of most of the window, as fast as the page draws them. */
const turns = 60;
const turnPixels = 700;

/** Scrolls through a library of covers. @returns the longest task of the page's thread, and the most tiles at once */
export async function scrollThrough(
  browser: Browser,
  url: string,
): Promise<{ longestMs: number; mostTiles: number }> {
  const context = await browser.newContext({ viewport: { width: 1600, height: 900 } });
  try {
    const page = await context.newPage();
    await page.goto(url);
    await page.locator('.tile img').first().waitFor();
    await page.waitForLoadState('networkidle');
    await page.mouse.move(600, 500);
    await browser.startTracing(page, { categories: ['__metadata', 'disabled-by-default-devtools.timeline'] });
    let mostTiles = 0;
    for (let turn = 0; turn < turns; turn++) {
      await page.mouse.wheel(0, turnPixels);
      const tiles = await page.evaluate<number>(
        "new Promise((done) => requestAnimationFrame(() => done(document.querySelectorAll('.tile').length)))",
      );
      mostTiles = Math.max(mostTiles, tiles);
    }
    const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
      traceEvents: TraceEvent[];
    };
    return { longestMs: longestTask(traceEvents), mostTiles };
  } finally {
    await context.close();
  }
}

function longestTask(events: readonly TraceEvent[]): number {
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const pageThreads = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(threadOf),
  );
  const tasks = events.filter((event) => event.name === 'RunTask' && pageThreads.has(threadOf(event)));
  if (tasks.length === 0) throw new Error('The browser recorded no tasks.');
  return Math.max(...tasks.map(({ tdur = 0 }) => tdur)) / 1000;
}
