import { setTimeout as delay } from 'node:timers/promises';
import { overflow } from './support/browser.ts';
import { inConsole } from './support/console.ts';

const person = '76561202255200009';
const names = [
  '<img src=x onerror="document.title=`owned`">',
  '<script>document.title="owned"</script>',
  '\u202egnp.exe \u2066right to left\u2069',
  'x'.repeat(10_000),
  '{{constructor.constructor("return 1")()}}',
  '=HYPERLINK("https://evil.example","x")',
  '\u001b[31mred\u001b[0m',
  '👩‍👩‍👧‍👦'.repeat(50),
];
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** What the page lets happen to it; `owned` becomes its title should any of this run. */
const slipIn = `(async () => {
  // Whatever debuggers evaluate may evaluate more; what comes after it may not.
  await new Promise((resolve) => setTimeout(resolve));
  const create = (name) => document.createElement(name);
  const attempts = {
    html: () => { create('div').innerHTML = '<img src=x onerror=0>'; },
    script: () => { create('script').text = 'document.title = "owned"'; },
    address: () => { create('script').src = 'https://evil.example/'; },
    code: () => new Function('document.title = "owned"')(),
  };
  const taken = Object.keys(attempts).filter((name) => {
    try {
      attempts[name]();
      return true;
    } catch {
      return false;
    }
  });
  const picture = create('img');
  document.body.append(picture);
  try {
    picture.setAttribute('onerror', 'document.title = "owned"');
  } catch {
    // Refused already.
  }
  picture.src = 'data:,nothing';
  const told = await fetch('http://evil.example/').then(() => true, () => false);
  return { taken, told };
})()`;

inConsole('hostile names', (its) => {
  let importId: string;
  beforeAll(async () => {
    const file = [
      'appid,name,playtime_forever',
      ...names.map((name, index) => `${3_000_000 + index},${quoted(name)},60`),
    ];
    const answer = await fetch(`${its.stack.apiUrl}/imports/csv?steam_id=${person}`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: `${file.join('\n')}\n`,
    });
    importId = ((await answer.json()) as { import_id: string }).import_id;
    await its.stack.waitFor(importId);
  });

  test.each([360, 1280])('are text wherever they stand, and break nothing, at %i', async (width) => {
    for (const path of [`/console/imports/${importId}`, `/console/libraries/${person}`]) {
      const { page, complaints } = await its.visit(path, { width });
      await page
        .getByText(/onerror=/)
        .first()
        .waitFor();
      await delay(300);
      expect(await page.title()).toMatch(/· Savepoint$/);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
    }
  });

  test('what is slipped into the page does not run, and asks nobody', async () => {
    const { page, complaints } = await its.visit('/console/');
    // As a fault of the page would: by text that is taken for HTML, and by elements with a script.
    const slipped = await page.evaluate(slipIn);
    expect(slipped).toEqual({ taken: [], told: false });
    await delay(300);
    expect(await page.title()).toMatch(/Savepoint$/);
    expect(complaints.join('\n')).toMatch(/Content Security Policy/);
  });

  test('what the API answers is text, also to whoever opens it as a page', async () => {
    const { page } = await its.visit(`/libraries/${person}`);
    expect(await page.textContent('body')).toContain('onerror=');
    expect(await page.evaluate('document.contentType')).toBe('application/json');
    expect(await page.title()).toBe('');
    const { headers } = await fetch(`${its.stack.apiUrl}/libraries/${person}`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('an address of another kind becomes no link', async () => {
    const { page } = await its.visit('/console/');
    // As the API would tell it, of a game that has such addresses.
    await page.route(`${its.stack.apiUrl}/libraries/*`, async (route) => {
      const library = (await (await route.fetch()).json()) as { games: object[] };
      Object.assign(library.games[0]!, {
        websites: ['javascript:alert(1)', 'http://plain.example', 'https://good.example/'],
        cover_url: 'https://evil.example/cover.jpg',
      });
      await route.fulfill({ json: library });
    });
    await page.goto(`/console/libraries/${person}?app=3000000`);
    await page.getByRole('link', { name: 'good.example' }).waitFor();
    const links = await page
      .getByRole('dialog')
      .getByRole('link')
      .evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    expect(links.filter((href) => !href?.startsWith('https://'))).toEqual([]);
    expect(await page.locator('img[src*=evil]').count()).toBe(0);
  });

  test('a formula is text in the file that is downloaded', async () => {
    const { page } = await its.visit(`/console/libraries/${person}`);
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download CSV' }).click();
    const stream = await (await downloading).createReadStream();
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    expect(text).toContain(`"'=HYPERLINK(`);
    expect(text.split('\n')).toHaveLength(names.length + 1);
  });
});
