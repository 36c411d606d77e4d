import { jest } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { createSqsClient } from '@savepoint/adapters/sqs/client.ts';
import { createStageQueues } from '@savepoint/adapters/sqs/stage-queues.ts';
import { localDeployment } from '@savepoint/core/topology.ts';
import { embeddedCredentials } from '@savepoint/local/embedded/credentials.ts';
import type { Locator, Page } from 'playwright-core';
import { importIdOf } from '../support/ids.ts';
import { inConsole } from './support/console.ts';

/** Looking through thousands takes a busy machine its time. */
jest.setTimeout(180_000);

inConsole('dead letters', (its) => {
  let sqs: ReturnType<typeof createSqsClient>;
  beforeAll(async () => {
    sqs = createSqsClient({
      region: its.stack.region,
      endpointUrl: its.stack.awsEndpointUrl,
      credentials: embeddedCredentials,
    });
  });
  afterAll(() => sqs.destroy());

  async function bury(count: number, code: string, retryable: boolean): Promise<void> {
    const queues = createStageQueues(sqs, localDeployment);
    const failedAt = new Date().toISOString();
    const send = (index: number) =>
      queues.sendToDeadLetters('database-import', `letter ${index} of ${code}`, {
        importId: importIdOf(`76561197960287930-20261123T0430${String(index).padStart(5, '0')}Z`),
        attempts: 11,
        firstFailedAt: failedAt,
        lastFailedAt: failedAt,
        error: { code, message: `The sentence of ${code}.`, retryable },
        rounds: 0,
      });
    for (let at = 0; at < count; at += 50)
      await Promise.all(Array.from({ length: Math.min(50, count - at) }, (_, index) => send(at + index)));
  }
  /** A look has its time, and one of just before hides messages for a moment: whoever misses something looks again. */
  async function causeOn(page: Page, name: string): Promise<Locator> {
    const cause = page.getByRole('region', { name });
    const look = page.getByRole('button', { name: 'Look again' });
    while (!(await cause.isVisible())) {
      await look.click();
      await look.waitFor();
      await delay(500);
    }
    return cause;
  }
  const depths = async () => {
    const { body } = await its.stack.request('/queues');
    return body.queues.find(({ stage }) => stage === 'database-import')!;
  };

  test('a storm of 2,000 is seen by its causes, and one of them is discarded with progress', async () => {
    await bury(1990, 'CSV_HEADER_INVALID', false);
    await bury(10, 'DATABASE_FAILED', true);
    const { page, complaints } = await its.visit('/console/');
    await page.getByText('2,000 messages gave up.').waitFor();
    await page.getByRole('link', { name: 'See why' }).click();
    const storm = await causeOn(page, 'database-import CSV_HEADER_INVALID');
    await storm.getByText('needs a change first').waitFor();
    await page.getByText('Not all could be looked at').waitFor();

    await storm.getByRole('button', { name: 'Discard' }).click();
    const dialog = page.getByRole('dialog', { name: 'Discard all with CSV_HEADER_INVALID?' });
    await dialog.getByText(/messages will be deleted for good; there is no undo/).waitFor();
    expect((await depths()).dead_letters).toBe(2000);
    await dialog.getByRole('button', { name: 'Discard' }).click();
    await dialog.getByText(/^[\d,]+ messages discarded…$/).waitFor();
    await page.getByText('1,990 messages discarded.').waitFor({ timeout: 60_000 });
    expect((await depths()).dead_letters).toBe(10);
    await storm.waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });

  test('a selection is redriven, and the others stay', async () => {
    const { page } = await its.visit('/console/dead-letters');
    const cause = await causeOn(page, 'database-import DATABASE_FAILED');
    await cause.getByRole('button', { name: 'Show 10 messages' }).click();
    const boxes = cause.getByRole('checkbox', { name: /^Choose 7656/ });
    await boxes.first().check();
    await boxes.nth(1).check();
    await cause.getByText('2 messages chosen').waitFor();
    await cause
      .getByRole('group', { name: 'What is chosen' })
      .getByRole('button', { name: 'Redrive' })
      .click();
    const dialog = page.getByRole('dialog', { name: 'Redrive those chosen?' });
    await dialog.getByText('2 messages will go back to database-import').waitFor();
    await dialog.getByRole('button', { name: 'Redrive' }).click();
    await page.getByText('2 messages redriven.').waitFor();
    // These say nothing that a stage can read, so they come back: as letters of another cause.
    while ((await depths()).dead_letters < 10) await delay(200);
  });

  test('what fails anew while it is redriven is not redriven again and again', async () => {
    // No stage can read these, so each comes back at once, under the very code by which it is chosen.
    await bury(300, 'MESSAGE_INVALID', false);
    const { page } = await its.visit('/console/dead-letters');
    const cause = await causeOn(page, 'database-import MESSAGE_INVALID');
    await cause.getByRole('button', { name: 'Redrive', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Redrive all with MESSAGE_INVALID?' });
    await dialog.getByRole('button', { name: 'Redrive' }).click();
    const told = page.getByText(/^[\d,]+ messages redriven\.$/);
    await told.waitFor({ timeout: 40_000 });
    expect(Number.parseInt((await told.textContent()) ?? '', 10)).toBeLessThanOrEqual(320);
  });

  test('a message opens to its error, its body and its import', async () => {
    const { page } = await its.visit('/console/dead-letters');
    const cause = await causeOn(page, 'database-import DATABASE_FAILED');
    await cause.getByRole('button', { name: /^Show/ }).click();
    await cause.locator('summary').first().click();
    await cause
      .getByText(/^letter \d+ of DATABASE_FAILED$/)
      .first()
      .waitFor();
    const link = cause.getByRole('link', { name: 'Open the import' }).first();
    expect(await link.getAttribute('href')).toMatch(/^\/console\/imports\/76561197960287930-/);
  });
});
