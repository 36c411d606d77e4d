import { existsSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** A real browser, which must be there: nothing is downloaded. */
const places = [
  process.env.CHROME_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const executablePath = places.find((place) => place !== undefined && existsSync(place));

/** Tests that need a browser; left out, and said so, where there is none. `.ci/run` installs one, or fails. */
export function inBrowser(name: string, tests: () => void): void {
  if (executablePath === undefined)
    console.warn(
      `${name} was NOT tested: no Chromium or Chrome is installed (or CHROME_PATH does not name it).`,
    );
  (executablePath === undefined ? describe.skip : describe)(name, tests);
}

export type Look = { width?: number; height?: number; theme?: 'light' | 'dark' };

export type Visit = {
  page: Page;
  /** What the browser complained of: scripts that failed, and what the page's policy forbade. */
  complaints: string[];
  close(): Promise<void>;
};

let browser: Promise<Browser> | undefined;
/** One for a test file. */
const launch = () => {
  browser ??= chromium.launch({
    executablePath: executablePath!,
    // Root may not use the sandbox, and nothing is fetched from elsewhere.
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
  return browser;
};

/** @param url of the stack's API. @param path below it, such as `/console/`. */
export async function visit(url: string, path: string, look: Look = {}): Promise<Visit> {
  const options: BrowserContextOptions = {
    viewport: { width: look.width ?? 1280, height: look.height ?? 900 },
    colorScheme: look.theme ?? 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
    baseURL: url,
  };
  const context = await (await launch()).newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    const text = message.text();
    // What the API refuses the browser notes as well; pages show it themselves.
    if (message.type() === 'error' && !text.startsWith('Failed to load resource')) complaints.push(text);
  });
  await page.goto(path);
  return { page, complaints, close: () => context.close() };
}

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

/** What hinders people who see, hear or move otherwise, as far as a program can tell. */
export async function hindrances(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
  );
}

/** How far the page is wider than what is seen of it. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
