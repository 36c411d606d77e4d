import { until } from '../../tools/browser.ts';
import { inConsole } from './support/console.ts';

inConsole('the first moment', (its) => {
  test('a profile link becomes a wall of covers, each with why', async () => {
    const { page, complaints } = await its.visit('/console/');
    await page.getByLabel('Import a Steam library').fill('https://steamcommunity.com/id/savepoint-sample/');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.waitForURL(/\/console\/imports\/76561202255200001-/);
    await page.getByText('145 games are in the database').waitFor();

    // The wall is there without anything being asked for, and its covers are pictures.
    const wall = page.getByRole('region', { name: '145 games' });
    const cover = wall.getByRole('img', { name: 'Katana ZERO' });
    await cover.waitFor();
    await until(page, "document.querySelector('.wall img').naturalWidth > 0");
    await cover.click();
    await page.waitForURL(/\/console\/libraries\/76561202255200001\?app=\d+$/);
    const game = page.getByRole('dialog', { name: 'Katana ZERO' });
    await game.getByText('Why this game?').waitFor();
    await game.getByText(/% sure/).waitFor();
    await page.keyboard.press('Escape');
    await game.waitFor({ state: 'detached' });

    const [rows] = await its.stack.query<{ count: string }>('select count(*) from library_entries');
    expect(rows?.count).toBe('180');
    expect(complaints).toEqual([]);
  });

  test('a private profile is told in both sentences, and its message can be redriven', async () => {
    const { page } = await its.visit('/console/');
    await page.getByLabel('Import a Steam library').fill('savepoint-private');
    await page.keyboard.press('Enter');
    const alert = page.getByRole('alert');
    await alert.getByText('set “Game details” to Public').waitFor();
    await alert.getByText('redrive the dead letter').waitFor();
    // Nothing to redrive is left undone: the preview counts, and the person sees what came of it.
    its.stack.simulators?.control.updateAccount('76561202255200005', { gameDetails: 'public' });
    await page.getByRole('button', { name: 'Redrive' }).click();
    const dialog = page.getByRole('dialog', { name: 'Redrive this import?' });
    await dialog.getByText('1 message will go back to steam-import').waitFor();
    await dialog.getByRole('button', { name: 'Redrive' }).click();
    await page.getByText('1 message redriven.').waitFor();
    await page.getByText(/games are in the database/).waitFor();
  });

  test('who is nobody is said so where it was typed, and what was typed stays', async () => {
    const { page } = await its.visit('/console/');
    const input = page.getByLabel('Import a Steam library');
    await input.fill('https://example.org/id/somebody');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await input.inputValue()).toBe('https://example.org/id/somebody');
  });
});
