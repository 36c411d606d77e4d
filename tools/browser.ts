import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** A real browser, which must be there: nothing is downloaded. */
const places = [
  process.env.CHROME_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Where Chromium or Chrome is on this machine; undefined where there is none. */
export const findBrowser = (): string | undefined =>
  places.find((place) => place !== undefined && existsSync(place));

export const launchBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({
    executablePath,
    // Root may not use the sandbox, and nothing is fetched from elsewhere.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      // Newer browsers keep other sites from this machine by themselves; older ones do not, and the product must.
      '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,PrivateNetworkAccessSendPreflights',
    ],
  });

/**
 * Looks in each frame whether something holds in the page. Playwright's own `waitForFunction` has the page evaluate a
 * text, which the console's policy forbids.
 * @param condition JavaScript. @throws Error after 30 seconds
 */
export const until = (page: Page, condition: string): Promise<unknown> =>
  page.evaluate(`new Promise((done, fail) => {
    const look = () => {
      if (${condition}) done();
      else if (performance.now() > endsAt) fail(new Error(${JSON.stringify(`It never came to be: ${condition}`)}));
      else requestAnimationFrame(look);
    };
    const endsAt = performance.now() + 30_000;
    look();
  })`);
