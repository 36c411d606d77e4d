import { inConsole } from './support/console.ts';

const person = '76561202255200009';
const apps = 5000;

inConsole('a library of 5,000 apps', (its) => {
  beforeAll(async () => {
    const rows = Array.from(
      { length: apps },
      (_, index) => `${4_000_000 + index},Game number ${index},${(index * 37) % 5000}\n`,
    );
    await its.stack.putObject(
      `raw/steam-library-${person}-2026-11-01.csv`,
      `appid,name,playtime_forever\n${rows.join('')}`,
    );
    await its.stack.waitFor(`${person}-2026-11-01`);
  });

  test('has few tiles in the page, wherever one scrolls to, and all of them in reach', async () => {
    const { page, complaints } = await its.visit(`/console/libraries/${person}`, {
      width: 1600,
    });
    await page.getByText('5,000 games').first().waitFor();
    const tiles = page.locator('.tile');
    const seen = new Set<string>();
    const height = Number(await page.evaluate('document.documentElement.scrollHeight'));
    for (let top = 0; top < height; top += height / 20) {
      await page.evaluate(`scrollTo(0, ${top})`);
      await page.waitForTimeout(60);
      const names = await page.locator('.tile-title').allTextContents();
      expect(names.length).toBeGreaterThan(0);
      expect(names.length).toBeLessThanOrEqual(300);
      for (const name of names) seen.add(name);
    }
    expect(seen.size).toBeGreaterThan(500);
    await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
    // The least played are the last.
    await page.locator('.tile-title', { hasText: /^Game number 0$/ }).waitFor();
    expect(await tiles.last().locator('xpath=..').getAttribute('aria-posinset')).toBe(String(apps));
    expect(complaints).toEqual([]);
  });

  test('is searched and sorted, and the address keeps what was chosen', async () => {
    const { page } = await its.visit(`/console/libraries/${person}`);
    await page.getByRole('searchbox', { name: 'Search' }).fill('number 4999');
    await page.getByRole('status').getByText('1 game', { exact: true }).waitFor();
    await page.getByRole('searchbox', { name: 'Search' }).fill('number 12');
    await page.getByLabel('Order').selectOption('Title');
    await page.locator('.tile-title').first().getByText('Game number 12', { exact: true }).waitFor();
    await page.reload();
    await page.locator('.tile-title').first().getByText('Game number 12', { exact: true }).waitFor();
    expect(await page.getByRole('searchbox', { name: 'Search' }).inputValue()).toBe('number 12');
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('status').getByText('5,000 games').waitFor();
    await page.getByLabel('Shown').selectOption('Never played');
    await page.getByRole('status').getByText('1 game', { exact: true }).waitFor();
  });
});
