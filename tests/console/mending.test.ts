import { setTimeout as delay } from 'node:timers/promises';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { overridesKey } from '@savepoint/core/contracts/object-key.ts';
import { connectAws } from '../support/aws.ts';
import { inConsole } from './support/console.ts';

const person = '76561202255200001';

inConsole('mending an import', (its) => {
  let importId: string;
  beforeAll(async () => {
    ({ import_id: importId } = await its.stack.importLibrary(person));
  });

  const overrides = async () => {
    const { s3 } = connectAws(its.stack.awsEndpointUrl);
    try {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: its.stack.bucket, Key: overridesKey }));
      return await Body?.transformToString();
    } finally {
      s3.destroy();
    }
  };
  const gameOf = async (appId: number) => {
    const [row] = await its.stack.query<{ name: string | null }>(
      'select game.name from steam_apps app left join games game on game.id = app.game_id where app.app_id = $1',
      [appId],
    );
    return row?.name ?? null;
  };
  const attempts = async () =>
    (await its.stack.request(`/imports/${importId}`)).body.stages.map(({ attempts }) => attempts);

  test('a wrong game is put right, shown, and taken back', async () => {
    expect(await gameOf(400)).toBe('Portal');
    const { page, complaints } = await its.visit(`/console/libraries/${person}?app=400`);
    const game = page.getByRole('dialog', { name: 'Portal' }).first();
    await game.getByRole('button', { name: 'Wrong game?' }).click();
    const search = page.getByRole('searchbox', { name: 'Search IGDB' });
    await page.getByRole('button', { name: /^Portal 2 2011/ }).waitFor();
    // IGDB is searched at most every two seconds.
    await delay(2000);
    await search.fill('fallout 4');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Fallout 4 2015/ }).click();
    await page.getByText('From now on app 400 is Fallout 4').waitFor();
    expect(await gameOf(400)).toBe('Portal');
    await page.getByRole('button', { name: 'Decide and run again' }).click();
    const toast = page.getByText(/^Decided: Fallout 4/);
    await toast.waitFor();
    while ((await gameOf(400)) !== 'Fallout 4') await delay(100);
    expect(await overrides()).toMatch(/^400,\d+,game,$/m);

    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Taken back. The import runs again.').waitFor();
    while ((await gameOf(400)) !== 'Portal') await delay(100);
    expect(await overrides()).not.toContain('400,');
    expect(complaints).toEqual([]);
  });

  test.each([
    ['Run again from raw', /Steam is not asked/, 'igdb-enrichment'],
    ['Look up the unmatched', /IGDB is asked again about the \d+ games without a match/, 'igdb-enrichment'],
    ['Load again', /Neither Steam nor IGDB is asked/, 'database-import'],
  ])('%s: says what will happen, and does it', async (label, said, stage) => {
    const before = (await its.stack.request(`/imports/${importId}`)).body.stages.find(
      ({ name }) => name === stage,
    );
    const { page } = await its.visit(`/console/imports/${importId}`);
    await page.getByRole('button', { name: label }).click();
    const dialog = page.getByRole('dialog', { name: `${label}?` });
    await dialog.getByText(said).waitFor();
    await dialog.getByRole('button', { name: label }).click();
    await page.getByText(`It runs again from ${stage}.`).waitFor();
    await its.stack.waitFor(
      importId,
      ({ status, stages }) =>
        status === 'completed' &&
        stages.find(({ name }) => name === stage)?.started_at !== before?.started_at,
    );
  });

  test('a preview that is cancelled does nothing', async () => {
    const before = await attempts();
    const { page } = await its.visit(`/console/imports/${importId}`);
    await page.getByRole('button', { name: 'Load again' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await delay(500);
    expect(await attempts()).toEqual(before);
  });

  test('what apps were taken for is shown by kind, with the reason and the candidates', async () => {
    const { page } = await its.visit(`/console/imports/${importId}`);
    const apps = page.getByRole('region', { name: 'Apps' });
    await apps.getByText('IGDB has only an add-on here').waitFor();
    await apps.getByText('not taken: Natural Selection 2 - Deluxe DLC').waitFor();
    await apps.getByRole('button', { name: 'Not games' }).click();
    await apps
      .getByText(/^not a game: /)
      .first()
      .waitFor();
    await apps.getByRole('button', { name: 'All' }).click();
    await apps.getByRole('button', { name: 'Show more' }).click();
    while ((await apps.getByRole('listitem').count()) < 100) await delay(50);
  });

  test('a library is followed, and no longer', async () => {
    const { page } = await its.visit('/console/follows');
    await page.getByLabel('SteamID64').fill(person);
    await page.getByRole('button', { name: 'Follow', exact: true }).click();
    await page.getByText('each day').last().waitFor();
    const follows = async () =>
      ((await its.stack.request('/follows')).body as unknown as { follows: object[] }).follows;
    expect(await follows()).toHaveLength(1);
    await page.getByRole('button', { name: 'Unfollow' }).click();
    await page.getByText('No library is followed yet.').waitFor();
    expect(await follows()).toHaveLength(0);
    await page.getByRole('button', { name: 'Undo' }).last().click();
    await page.getByRole('button', { name: 'Unfollow' }).waitFor();
    expect(await follows()).toHaveLength(1);
  });

  test('what was decided is listed, removed, and put back', async () => {
    await its.stack.request('/overrides/220', {
      method: 'PUT',
      body: { igdb_id: 233, note: 'the original' },
    });
    const { page } = await its.visit('/console/overrides');
    await page.getByText('the original').waitFor();
    await page
      .getByRole('listitem')
      .filter({ hasText: 'the original' })
      .getByRole('button', { name: 'Remove' })
      .click();
    await page.getByText('Nobody has decided anything yet.').waitFor();
    expect(await overrides()).not.toContain('220,');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('the original').waitFor();
    expect(await overrides()).toContain('220,233,,the original');
  });

  test('a person is forgotten after a preview that counts', async () => {
    const { page } = await its.visit(`/console/libraries/${person}`);
    await page.getByRole('button', { name: 'Forget this person' }).click();
    const dialog = page.getByRole('dialog', { name: 'Forget this person for good?' });
    await dialog.getByText(/\d+ files in the bucket/).waitFor();
    await dialog.getByRole('button', { name: 'Forget this person' }).click();
    await page.getByText('It is being removed').waitFor();
    const rows = () => its.stack.query('select 1 from library_entries where steam_id = $1', [person]);
    while ((await rows()).length > 0) await delay(100);
  });
});
