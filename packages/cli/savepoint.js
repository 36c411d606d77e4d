#!/usr/bin/env node
import '@savepoint/local/requirements.js';
import { readFileSync } from 'node:fs';

const [, , word, ...others] = process.argv;
// Answered before anything else is loaded: shells and scripts ask for it often.
if (/^(--version|-V)$/.test(word) && others.length === 0)
  process.stdout.write(
    `${JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')).version}\n`,
  );
else await import('./main.ts');
