/**
 * The first thing that each program runs, in JavaScript that every Node reads: an older Node would end in a stack trace
 * at the first TypeScript file. `npm ci` brings Node 24, unless it was kept from running install scripts.
 */
import module from 'node:module';
import { fileURLToPath } from 'node:url';

if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    `Savepoint runs on Node 24 and this is Node ${process.versions.node}: run npm rebuild, which fetches Node 24 into node_modules, or install it.\n`,
  );
  process.exit(1);
}

// What was compiled once need not be stripped of its types and compiled again: a third of the time to start.
if (process.env.NODE_COMPILE_CACHE === undefined)
  module.enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url)));
