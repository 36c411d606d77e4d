import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { until } from '../../tools/browser.ts';
import { drawn, hindrances, overflow } from './support/browser.ts';
import { inConsole } from './support/console.ts';

const person = '76561202255200001';
const pictures = join(import.meta.dirname, '..', '..', 'docs', 'pictures');
/** `UPDATE_PICTURES=1` makes those of the README anew. */
const makesPictures = process.env.UPDATE_PICTURES === '1';

inConsole('the console for everybody', (its) => {
  let completed: string;
  let failed: string;
  beforeAll(async () => {
    ({ import_id: failed } = await its.stack.importLibrary('76561202255200005'));
    ({ import_id: completed } = await its.stack.importLibrary(person));
    await its.stack.request(`/follows/${person}`, { method: 'PUT', body: { every: 'day' } });
    await its.stack.request('/overrides/220', {
      method: 'PUT',
      body: { igdb_id: 233, note: 'the original' },
    });
  });

  /** Each page, what is there when it is complete, and what opens on it. */
  const pages: Record<
    string,
    { path: () => string; ready: string | RegExp; open?: (page: Page) => Promise<void> }
  > = {
    pipeline: { path: () => '/console/', ready: /gave up/ },
    import: { path: () => `/console/imports/${completed}`, ready: /are in the database/ },
    'failed import': { path: () => `/console/imports/${failed}`, ready: /The message waits/ },
    'preview of an action': {
      path: () => `/console/imports/${completed}`,
      ready: /are in the database/,
      open: (page) => page.getByRole('button', { name: 'Load again' }).click(),
    },
    'dead letters': {
      path: () => '/console/dead-letters',
      ready: /needs a change first/,
      open: (page) => page.getByRole('button', { name: /^Show/ }).click(),
    },
    library: { path: () => `/console/libraries/${person}`, ready: 'Hours by genre' },
    game: { path: () => `/console/libraries/${person}?app=400`, ready: /% sure/ },
    follows: { path: () => '/console/follows', ready: 'Unfollow' },
    overrides: { path: () => '/console/overrides', ready: 'the original' },
    health: { path: () => '/console/health', ready: 'Lost events' },
  };

  const looks = [
    { width: 360, theme: 'light' },
    { width: 360, theme: 'dark' },
    { width: 1280, theme: 'light' },
    { width: 1280, theme: 'dark' },
  ] as const;
  test.each(Object.keys(pages))(
    '%s: nothing hinders, and nothing is cut off, however it is looked at',
    async (name) => {
      const { path, ready, open } = pages[name]!;
      const { page, complaints } = await its.visit(path());
      await page.getByText(ready).first().waitFor();
      await open?.(page);
      for (const look of looks) {
        await page.setViewportSize({ width: look.width, height: 900 });
        await page.emulateMedia({ colorScheme: look.theme });
        await drawn(page);
        expect({ look, hinders: await hindrances(page), cutOff: await overflow(page) }).toEqual({
          look,
          hinders: [],
          cutOff: 0,
        });
      }
      expect(complaints).toEqual([]);
    },
  );

  test('by the keyboard alone: an import is asked for, opened, and run again', async () => {
    const { page } = await its.visit('/console/');
    await page.getByText(/gave up/).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await page.keyboard.press('Tab');
    await page.keyboard.type('savepoint-empty');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/console\/imports\//);
    await page.getByText('owns no games').waitFor();
    // The heading is where one is after a change of the page.
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
    const redrive = page.getByRole('button', { name: 'Redrive' });
    await redrive.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('will go back to steam-import').waitFor();
    expect(await page.evaluate("document.activeElement.closest('dialog') !== null")).toBe(true);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await until(page, "document.activeElement.textContent === 'Redrive'");
  });

  const shown = [
    ['pipeline', () => '/console/', /gave up/],
    ['import', () => `/console/imports/${completed}`, /are in the database/],
    ['library', () => `/console/libraries/${person}`, 'Hours by genre'],
  ] as const;
  const pictured = shown.flatMap(([name, path, ready]) =>
    looks.map((look) => [name, look.width, look.theme, path, ready] as const),
  );
  (makesPictures ? test : test.skip).each(pictured)(
    'a picture of the %s at %i, %s',
    async (name, width, theme, path, ready) => {
      const { page } = await its.visit(path(), { width, height: 800, theme });
      await page.getByText(ready).first().waitFor();
      await page.waitForLoadState('networkidle').catch(() => undefined);
      await page.waitForTimeout(700);
      const narrow = width === 360 ? '-360' : '';
      await page.screenshot({ path: join(pictures, `console-${name}${narrow}-${theme}.png`) });
    },
  );
});
