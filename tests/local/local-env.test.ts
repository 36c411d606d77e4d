import { readFileSync } from 'node:fs';
import { localVariables } from '@savepoint/local/local-env.ts';

test('.env.example lists exactly the variables that are read', () => {
  const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const listed = [...example.matchAll(/^([A-Z0-9_]+)=/gm)].map(([, name]) => name);
  expect(listed.toSorted()).toEqual(Object.keys(localVariables).toSorted());
  expect(new Set(listed).size).toBe(listed.length);
});
