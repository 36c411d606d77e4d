import type { Page } from 'playwright-core';
import { startTestApi, type TestApi } from '../support/api-under-test.ts';
import { type OpenIdProvider, startOpenIdProvider } from '../support/openid-provider.ts';
import { hindrances, inBrowser, visit } from './support/browser.ts';

const token = 'a-token-that-the-issuer-gives';

inBrowser('where an issuer signs people in', () => {
  let api: TestApi;
  let provider: OpenIdProvider;
  beforeAll(async () => {
    provider = await startOpenIdProvider('savepoint-console', token);
    api = await startTestApi([token], {
      issuer: provider.issuer,
      client_id: 'savepoint-console',
      audience: 'savepoint',
      scope: 'operate',
      token_origin: null,
    });
  });
  afterEach(() => {
    provider.lies = {};
  });
  afterAll(async () => {
    await api.close();
    await provider.close();
  });

  /** Follows the link of the dialog to the issuer's page, and there what somebody says to be. */
  async function signInAs(page: Page, who: 'I am somebody' | 'I am nobody'): Promise<Page> {
    const opened = page.waitForEvent('popup');
    await page.getByRole('link', { name: 'Sign in', exact: true }).click();
    const issuerPage = await opened;
    await issuerPage.getByRole('link', { name: who }).click();
    return issuerPage;
  }

  test('one signs in on its page, and is known until the tab is closed', async () => {
    const { page, complaints } = await visit(api.url, '/console/');
    await page.getByRole('dialog', { name: 'Sign in' }).waitFor();
    expect(await hindrances(page)).toEqual([]);
    const issuerPage = await signInAs(page, 'I am somebody');
    await page.getByText('Nobody waits.').first().waitFor();
    if (!issuerPage.isClosed()) await issuerPage.waitForEvent('close');
    await page.reload();
    await page.getByText('Nobody waits.').first().waitFor();
    expect(await page.evaluate('Object.keys(localStorage).length + document.cookie.length')).toBe(0);
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
    const [asked] = provider.exchanges;
    expect(Object.fromEntries(asked!)).toMatchObject({
      grant_type: 'authorization_code',
      client_id: 'savepoint-console',
      redirect_uri: `${api.url}/console/`,
      code_verifier: expect.stringMatching(/^[\w-]{43,}$/),
    });
    expect(asked!.has('client_secret')).toBe(false);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('dialog', { name: 'Sign in' }).waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
  });

  test('a sign-in that ended costs nothing that was typed', async () => {
    const { page } = await visit(api.url, '/console/');
    await signInAs(page, 'I am somebody');
    await page.getByText('Nobody waits.').first().waitFor();
    await page.getByLabel('Import a Steam library').fill('savepoint-sample');
    await page.evaluate("sessionStorage.setItem('savepoint-token', 'expired')");
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByRole('dialog', { name: 'Sign in again' }).waitFor();
    await signInAs(page, 'I am somebody');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.getByLabel('Import a Steam library').inputValue()).toBe('savepoint-sample');
  });

  test('who is refused is told why, and may try again', async () => {
    const { page } = await visit(api.url, '/console/');
    const issuerPage = await signInAs(page, 'I am nobody');
    await page.getByRole('alert').getByText('Nobody was let in.').waitFor();
    if (!issuerPage.isClosed()) await issuerPage.waitForEvent('close');
    await signInAs(page, 'I am somebody');
    await page.getByText('Nobody waits.').first().waitFor();
  });

  test('an answer to another sign-in, or to one that nobody began, is taken by nobody', async () => {
    const { page } = await visit(api.url, '/console/');
    await page.getByRole('link', { name: 'Sign in', exact: true }).waitFor();
    const before = provider.exchanges.length;
    const forged = await page.context().newPage();
    await forged.goto(`${api.url}/console/?code=stolen&state=forged`);
    await forged.getByText('No page of the console waits for this sign-in.').waitFor();
    expect(forged.url()).toBe(`${api.url}/console/`);
    expect(await page.getByRole('dialog', { name: 'Sign in' }).isVisible()).toBe(true);
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
    expect(provider.exchanges).toHaveLength(before);
  });

  test('a token that was made for another sign-in is not taken', async () => {
    const { page } = await visit(api.url, '/console/');
    await page.getByRole('link', { name: 'Sign in', exact: true }).waitFor();
    provider.lies = { nonce: 'of another sign-in' };
    await signInAs(page, 'I am somebody');
    await page.getByRole('alert').getByText('did not sign you in').waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
  });

  test('an issuer that calls itself otherwise is not believed, and can be asked again', async () => {
    provider.lies = { issuer: 'https://somebody.else.example' };
    const { page } = await visit(api.url, '/console/');
    await page.getByRole('alert').getByText('does not say how').waitFor();
    provider.lies = {};
    await page.getByRole('button', { name: 'Try again' }).click();
    await signInAs(page, 'I am somebody');
    await page.getByText('Nobody waits.').first().waitFor();
  });
});
