import type { Migration } from './migration.ts';

/** What an import told is needed only while an older one of its person can still arrive. */
export const lateImports: Migration = {
  name: '0004-late-imports',
  sql: `
alter table imports add column has_contents boolean not null default true;
comment on column imports.has_contents is 'False once its rows of import_contents were pruned.';
create index imports_with_contents on imports (imported_at) where has_contents;
`,
};
