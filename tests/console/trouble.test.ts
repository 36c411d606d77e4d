import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { inConsole } from './support/console.ts';

const token = 'a-token-of-the-console';

inConsole(
  'when something is wrong',
  (its) => {
    async function signIn(page: Page, typed = token): Promise<void> {
      await page.getByLabel('Token', { exact: true }).fill(typed);
      await page.getByRole('button', { name: 'Continue' }).click();
    }

    test('the token is asked for, a wrong one again, and it is kept for the tab alone', async () => {
      const { page } = await its.visit('/console/');
      await page.getByRole('dialog', { name: 'Token needed' }).waitFor();
      await signIn(page, 'a wrong one');
      await page.getByRole('dialog', { name: 'This token is not accepted' }).waitFor();
      await signIn(page);
      await page.getByText('Nobody waits.').first().waitFor();
      await page.reload();
      await page.getByText('Nobody waits.').first().waitFor();
      expect(await page.evaluate('Object.keys(localStorage).length + document.cookie.length')).toBe(0);
      expect(page.url()).not.toContain(token);
      const other = await its.visit('/console/');
      await other.page.getByRole('dialog', { name: 'Token needed' }).waitFor();
    });

    test('a token that expires costs nothing that was typed', async () => {
      const { page } = await its.visit('/console/');
      await signIn(page);
      await page.getByText('Nobody waits.').first().waitFor();
      await page.getByLabel('Import a Steam library').fill('savepoint-sample');
      await page.evaluate("sessionStorage.setItem('savepoint-token', 'expired')");
      await page.getByRole('button', { name: 'Import', exact: true }).click();
      await page.getByRole('dialog', { name: 'This token is not accepted' }).waitFor();
      await signIn(page);
      expect(await page.getByLabel('Import a Steam library').inputValue()).toBe('savepoint-sample');
      await page.getByRole('button', { name: 'Import', exact: true }).click();
      await page.waitForURL(/\/console\/imports\//);
    });

    test('an API that is away is said to be, what was seen stays, and it goes on by itself', async () => {
      const { page } = await its.visit('/console/');
      await signIn(page);
      await page.getByText('Nobody waits.').first().waitFor();
      await page.route(/\/(queues|imports)/, (route) => route.abort());
      await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
      await page.getByText('The API does not answer.').first().waitFor();
      expect(await page.getByText('Nobody waits.').count()).toBeGreaterThan(0);
      await page.unroute(/\/(queues|imports)/);
      await page.getByText('The API does not answer.').first().waitFor({ state: 'detached' });
    });

    test('a slow API leaves room for what is to come', async () => {
      const { page } = await its.visit('/console/health');
      await signIn(page);
      await page.route(/\/health\/deep/, async (route) => {
        await delay(1500);
        await route.continue();
      });
      await page.reload();
      await page.getByRole('status', { name: 'Loading' }).waitFor();
      await page.getByText('Database (PostgreSQL)').waitFor();
    });

    test('503 with Retry-After and 429 are told as they are worded', async () => {
      const { page } = await its.visit('/console/');
      await signIn(page);
      await page.route(/\/imports$/, (route) =>
        route.request().method() === 'POST'
          ? route.fulfill({
              status: 429,
              contentType: 'application/json',
              body: '{"message":"Too Many Requests"}',
            })
          : route.continue(),
      );
      await page.getByLabel('Import a Steam library').fill('savepoint-sample');
      await page.keyboard.press('Enter');
      await page.getByText('Too many calls at once.').waitFor();
    });

    test('an address that leads nowhere says so', async () => {
      const { page } = await its.visit('/console/nothing/here');
      await page.getByRole('heading', { name: 'No such page' }).waitFor();
      await signIn(page);
      await page.goto('/console/imports/76561197960287930-20200101T000000000Z');
      await page.getByRole('alert').getByText('There is no import of this id.').waitFor();
      await page.goto('/console/imports/%E0%A4%A');
      await page.locator('main').waitFor();
    });
  },
  { API_TOKEN: token },
);
