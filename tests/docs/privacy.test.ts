import { globSync } from 'node:fs';
import { prefixes } from '@savepoint/core/topology.ts';
import { read, root } from './markdown.ts';

const page = read('docs/privacy.md');

test.each(Object.values(prefixes).filter((prefix) => prefix !== prefixes.state))(
  'it says what of a person lies under %s',
  (prefix) => expect(page).toContain(`\`${prefix}`),
);

test('it names each table that knows whose library something is', () => {
  const sources = globSync('packages/adapters/postgres/migrations/0*.ts', { cwd: root }).map(read).join('\n');
  const tables = [...sources.matchAll(/create table (\w+) \(([\s\S]*?)\n\);/g)]
    .filter(([, , columns]) => /\b(steam_id|import_id)\b/.test(columns!))
    .map(([, table]) => table!);
  expect(tables).toContain('library_entries');
  expect(tables.filter((table) => !page.includes(`\`${table}\``))).toEqual([]);
});
