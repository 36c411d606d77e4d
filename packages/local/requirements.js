/**
 * The first thing that each program runs, in JavaScript that every Node reads: an older one would end in a stack trace
 * at the first file of TypeScript. `npm ci` brings Node 24, unless it was kept from running install scripts.
 */
import module from 'node:module';
import { fileURLToPath } from 'node:url';

if (process.platform === 'win32')
  refuse(
    'On Windows, Savepoint runs in WSL (https://learn.microsoft.com/windows/wsl/install): clone it there.',
  );
if (Number(process.versions.node.split('.')[0]) < 24)
  refuse(
    `Savepoint runs on Node 24 and this is Node ${process.versions.node}: run npm rebuild, which fetches Node 24 into node_modules, or install it.`,
  );

/** @param {string} sentence */
function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

// What was compiled once need not be stripped of its types and compiled again: a third of the time to start. Coverage of
// compiled code would be less exact.
const { NODE_COMPILE_CACHE, NODE_V8_COVERAGE } = process.env;
if (NODE_COMPILE_CACHE === undefined && NODE_V8_COVERAGE === undefined)
  module.enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url)));
