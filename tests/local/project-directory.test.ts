import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { projectDirectory } from '@savepoint/local/project-directory.ts';
import { withDirectory } from '../support/directory.ts';

const root = resolve(import.meta.dirname, '../..');

test('it is the repository, from any directory of it', () => {
  expect(projectDirectory(root)).toBe(root);
  expect(projectDirectory(import.meta.dirname)).toBe(root);
});

test('elsewhere it is the directory itself, another project above it or not', async () => {
  await withDirectory(async (directory) => {
    writeFileSync(join(directory, 'package.json'), '{"name": "other"}');
    const below = join(directory, 'below');
    mkdirSync(below);
    expect(projectDirectory(below)).toBe(below);
  });
});
