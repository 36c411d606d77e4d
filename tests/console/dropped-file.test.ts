import { inConsole } from './support/console.ts';

const person = '76561197960287930';
const file = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

inConsole('a file that is dropped', (its) => {
  test('is imported, its bad rows shown in their lines', async () => {
    const { page, complaints } = await its.visit('/console/');
    const csv = 'appid,name,playtime_forever\n220,Half-Life 2,90\nnone,Nothing,1\n400,Portal,60\n';
    await page
      .getByLabel('CSV file of a library')
      .setInputFiles(file(`steam-library-${person}-2025-01-31.csv`, csv));
    const dialog = page.getByRole('dialog', { name: /^Import steam-library/ });
    // Whose it is its name says.
    expect(await dialog.getByLabel('Whose library is it?').inputValue()).toBe(person);
    await dialog.getByRole('button', { name: 'Import' }).click();
    await page.waitForURL(/\/console\/imports\//);
    await page.getByText('2 games are in the database').waitFor();
    const rejects = page.getByRole('region', { name: /^Rejected rows/ });
    await rejects.getByRole('cell', { name: '3', exact: true }).waitFor();
    await rejects.getByText('none,Nothing,1').waitFor();
    const rows = await its.stack.query('select app_id from library_entries where steam_id = $1 order by 1', [
      person,
    ]);
    expect(rows).toEqual([{ app_id: 220 }, { app_id: 400 }]);
    expect(complaints).toEqual([]);
  });

  test('that is no library is refused where it was dropped, and can be dropped again', async () => {
    const { page } = await its.visit('/console/');
    const input = page.getByLabel('CSV file of a library');
    await input.setInputFiles(file('games.csv', 'title;year\nPortal;2007\n'));
    const dialog = page.getByRole('dialog', { name: 'Import games.csv' });
    await dialog.getByLabel('Whose library is it?').fill('STEAM_0:0:11101');
    await dialog.getByRole('button', { name: 'Import' }).click();
    await dialog.getByRole('alert').getByText('CSV_HEADER_INVALID').waitFor();
    expect(await dialog.getByLabel('Whose library is it?').inputValue()).toBe('STEAM_0:0:11101');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await input.setInputFiles(file('games.csv', 'appid\n620\n'));
    await dialog.waitFor();
  });

  test('that is too large comes with the command that takes it', async () => {
    const { page } = await its.visit('/console/');
    await page
      .getByLabel('CSV file of a library')
      .setInputFiles(file('large.csv', `appid\n${'220\n'.repeat(1_100_000)}`));
    await page
      .getByRole('dialog', { name: 'This file is larger than 4 MB' })
      .getByText(/aws s3 cp large\.csv/)
      .waitFor();
  });
});
