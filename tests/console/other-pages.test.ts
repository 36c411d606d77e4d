import { sendHtml, withServer } from '../adapters/http/test-server.ts';
import { visit } from './support/browser.ts';
import { inConsole } from './support/console.ts';

/** A page of somebody else, open in the same browser as the console. */

/** What a page can try with nothing but `fetch`: how each call was answered, as far as it can tell. */
const ask = (apiUrl: string) => `(async () => {
  const answers = [];
  const body = '{"steam_id":"savepoint-sample"}';
  const calls = [
    ['/imports', {}],
    ['/console/config.json', {}],
    // What a browser sends without asking before; nobody reads the answer.
    ['/imports', { method: 'POST', mode: 'no-cors', body }],
    ['/imports', { method: 'POST', headers: { 'content-type': 'application/json' }, body }],
  ];
  for (const [path, how] of calls)
    answers.push(await fetch('${apiUrl}' + path, how).then(({ type }) => type, () => 'refused'));
  return answers;
})()`;

inConsole('a page of another site', (its) => {
  test('asks the local API for nothing and reads nothing of it', async () => {
    const { page } = await its.visit('/health');
    await page.route('http://attacker.example/**', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<title>another site</title>' }),
    );
    await page.goto('http://attacker.example/');
    const statuses: number[] = [];
    page.on('response', (answer) => {
      if (answer.url().startsWith(its.stack.apiUrl)) statuses.push(answer.status());
    });
    const read = await page.evaluate<string[]>(ask(its.stack.apiUrl));
    expect(read.filter((answer) => answer === 'basic' || answer === 'cors')).toEqual([]);
    // Not even what nobody could read.
    expect(new Set(statuses)).toEqual(new Set([403]));
    const { imports } = (await (await fetch(`${its.stack.apiUrl}/imports`)).json()) as { imports: unknown[] };
    expect(imports).toEqual([]);
  });

  // Of the same machine even: a page that is served from another port.
  test('shows the console in no frame, where one would click unknowingly', async () => {
    const framing = `<iframe src="${its.stack.apiUrl}/console/"></iframe>`;
    await withServer(
      (_request, response) => sendHtml(response, 200, framing),
      async ({ url }) => {
        const { page, complaints } = await visit(url, '/');
        expect(complaints.join('\n')).toMatch(/frame-ancestors 'none'/);
        expect(page.frames().map((frame) => frame.url())).not.toContain(`${its.stack.apiUrl}/console/`);
      },
    );
  });

  test('learns nothing from the window in which it was opened', async () => {
    const { page } = await its.visit('/console/');
    await page.evaluate("sessionStorage.setItem('savepoint-token', 'a-token')");
    const opening = page.context().waitForEvent('page');
    await page
      .context()
      .route('http://attacker.example/**', (route) =>
        route.fulfill({ contentType: 'text/html', body: '<title>another site</title>' }),
      );
    await page.evaluate("void open('http://attacker.example/')");
    const other = await opening;
    await other.waitForLoadState();
    expect(await other.evaluate('[opener === null, sessionStorage.length, document.referrer]')).toEqual([
      true,
      0,
      '',
    ]);
  });
});
