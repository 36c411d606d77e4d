import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

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
