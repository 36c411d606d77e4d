import type { Browser } from 'playwright-core';
import { until } from '../../tools/browser.ts';

export type Opening = { paintedMs: number; shownMs: number };

/**
 * Opens a page in a browser that has nothing of it, and waits until something is drawn.
 * @param isShown in the page: whether what it is opened for stands there.
 */
export async function open(browser: Browser, url: string, isShown: string): Promise<Opening> {
  const context = await browser.newContext({ viewport: { width: 1600, height: 900 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(`{
      const look = () => {
        if (!(${isShown})) requestAnimationFrame(look);
        // What stands in the page in this frame is drawn before the next one.
        else requestAnimationFrame(() => { globalThis.shownMs = performance.now(); });
      };
      look();
    }`);
    await page.goto(url);
    await until(page, 'globalThis.shownMs !== undefined');
    return await page.evaluate<Opening>(
      `({ shownMs, paintedMs: performance.getEntriesByName('first-contentful-paint')[0].startTime })`,
    );
  } finally {
    await context.close();
  }
}
