import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { findBrowser, launchBrowser, until } from '../../../tools/browser.ts';

const executablePath = findBrowser();

/** Tests that need a browser; left out, and said so, where there is none. `.ci/run` installs one, or fails. */
export function inBrowser(name: string, tests: () => void): void {
  if (executablePath === undefined)
    console.warn(
      `${name} was NOT tested: no Chromium or Chrome is installed (or CHROME_PATH does not name it).`,
    );
  (executablePath === undefined ? describe.skip : describe)(name, () => {
    // Whatever became of the test.
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((context) => context.close()));
    });
    afterAll(async () => {
      await (await browser)?.close();
      browser = undefined;
    });
    tests();
  });
}

export type Look = { width?: number; height?: number; theme?: 'light' | 'dark' };

export type Visit = {
  page: Page;
  /** What the browser complained of: scripts that failed, and what the page's policy forbade. */
  complaints: string[];
};

/** One for a test file. */
let browser: Promise<Browser> | undefined;
const opened: BrowserContext[] = [];

/** Until the end of the test. @param url of the stack's API. @param path below it, such as `/console/`. */
export async function visit(url: string, path: string, look: Look = {}): Promise<Visit> {
  const options: BrowserContextOptions = {
    viewport: { width: look.width ?? 1280, height: look.height ?? 900 },
    colorScheme: look.theme ?? 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
    baseURL: url,
  };
  browser ??= launchBrowser(executablePath!);
  const context = await (await browser).newContext(options);
  opened.push(context);
  const page = await context.newPage();
  // A look through dead letters alone may take 20 seconds.
  page.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    const text = message.text();
    // What the API refuses the browser notes as well; pages show it themselves.
    if (message.type() === 'error' && !text.startsWith('Failed to load resource')) complaints.push(text);
  });
  await page.goto(path);
  return { page, complaints };
}

/** What hinders people who see, hear or move otherwise, as far as a program can tell. */
export async function hindrances(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .options({ resultTypes: ['violations'] })
    .analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
  );
}

/** Until what was asked for is drawn: covers that come into sight are loaded, and what follows the size is measured. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  await until(page, '[...document.images].every(({ complete }) => complete)');
}

/** How far the page is wider than what is seen of it. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
