import { appendFileSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createLogFile, readLogFile } from '@savepoint/local/log-file.ts';
import { withDirectory } from '../support/directory.ts';

async function linesIn(directory: string): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLogFile(directory)) lines.push(line);
  return lines;
}

const messagesIn = async (directory: string) =>
  (await linesIn(directory))
    .filter((line) => line.startsWith('{'))
    .map((line) => (JSON.parse(line) as { message: string }).message);

test('lines are kept in order over restarts, from the level that was asked for', () =>
  withDirectory(async (directory) => {
    expect(await messagesIn(directory)).toEqual([]);
    const log = createLogFile(directory, 'WARN');
    log.info('too small');
    log.warn('one', { import_id: 'x' });
    createLogFile(directory, 'SILENT').info('two');
    expect(await linesIn(directory)).toEqual([
      expect.stringMatching(/^\{"timestamp":"\d{4}-.*Z","level":"WARN","message":"one","import_id":"x"\}$/),
      expect.stringContaining('"two"'),
    ]);
    expect(statSync(join(directory, 'log.jsonl')).mode & 0o077).toBe(0);
  }));

test('of more than 10 MB the older half is kept beside it, and no more', () =>
  withDirectory(async (directory) => {
    const fill = () => appendFileSync(join(directory, 'log.jsonl'), `${'x'.repeat(10 * 1024 * 1024)}\n`);
    createLogFile(directory, 'INFO').info('first');
    fill();
    createLogFile(directory, 'INFO').info('second');
    expect(await messagesIn(directory)).toEqual(['first', 'second']);
    fill();
    createLogFile(directory, 'INFO').info('third');
    expect(await messagesIn(directory)).toEqual(['second', 'third']);
  }));

test('a log that cannot be kept disturbs nobody', () =>
  withDirectory(async (directory) => {
    const nowhere = join(directory, 'not/there');
    createLogFile(nowhere, 'INFO').info('lost');
    expect(existsSync(nowhere)).toBe(false);
  }));
