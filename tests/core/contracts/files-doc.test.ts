import { readFileSync } from 'node:fs';
import type { ColumnAliases } from '@savepoint/core/contracts/csv-header.ts';
import { enrichedColumns } from '@savepoint/core/contracts/enriched-library.ts';
import { overrideColumns } from '@savepoint/core/contracts/overrides.ts';
import { firstRawColumns, rawColumns } from '@savepoint/core/contracts/raw-library.ts';

type Documented = { name: string; about: string; aliases?: ColumnAliases | undefined };

const page = readFileSync(new URL('../../../docs/files.md', import.meta.url), 'utf8');

/** A table as it has to stand in the page. */
const tableOf = (columns: readonly Documented[]): string =>
  [
    '| column | what it holds | also understood |',
    '|---|---|---|',
    ...columns.map(
      ({ name, about, aliases }) => `| \`${name}\` | ${about.replaceAll('|', '\\|')} | ${also(aliases)} |`,
    ),
  ].join('\n');

const also = ({ same = [], inHours = [], weak = [] }: ColumnAliases = {}): string =>
  [
    same.join(', '),
    inHours.length > 0 ? `in hours: ${inHours.join(', ')}` : '',
    weak.length > 0 ? `where nothing better is there: ${weak.join(', ')}` : '',
  ]
    .filter((part) => part !== '')
    .join('; ');

test.each([
  ['raw', rawColumns],
  ['enriched', enrichedColumns.slice(firstRawColumns.length)],
  ['overrides', overrideColumns],
])('docs/files.md holds the table of the %s columns as the code has it', (_name, columns) => {
  // To bring the page up to date, put the table that is missing in place of its old form.
  expect(page).toContain(tableOf(columns));
});
